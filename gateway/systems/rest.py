"""Systems that speak the contract of docs/erp-rest.md: an ERP, a document store, a mail archive, or all."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

from connectors.documents.rest import RestDocuments
from connectors.erp.ports import ErpPort
from connectors.erp.rest import RestErp
from connectors.http import UpstreamClient
from connectors.mail.archive import RestMailArchive
from gateway.setting import REQUIRED, setting
from gateway.setting_values import seconds, text, url
from gateway.systems.kind import ERP_PARTS, Kind, Opened, Surroundings


@dataclass(frozen=True, kw_only=True)
class RestKeys:
    """`url` is before `/v1/…`, `/documents/v1/…` and `/mail/v1/…`."""

    url: str = setting(REQUIRED, url("http", "https"), "http(s)://host[:port][/path]", "Its base URL.")
    api_key: str = setting("", text, "a text", "Bearer key.", secret=True)
    timeout: float = setting(5.0, seconds, "seconds", "Longest wait for one answer.")


async def _open(name: str, keys: RestKeys, surroundings: Surroundings, stack: AsyncExitStack) -> Opened:
    guard = surroundings.guard(name, keys.timeout)
    http = UpstreamClient(name, keys.url, api_key=keys.api_key, timeout=keys.timeout, guard=guard)
    stack.push_async_callback(http.close)
    erp: ErpPort = RestErp(http)
    ports = {**dict.fromkeys(ERP_PARTS, erp), "documents": RestDocuments(http), "mail": RestMailArchive(http)}
    return Opened(ports, erp, guard)


REST: Final[Kind] = Kind(
    "rest",
    "Speaks the contract of [erp-rest.md](erp-rest.md), or those parts of it that come from it.",
    (*ERP_PARTS, "documents", "mail"),
    RestKeys,
    _open,
)
