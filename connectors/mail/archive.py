"""The mail archive over the REST contract of docs/erp-rest.md."""

from collections.abc import Sequence

import msgspec

from connectors.batch import BatchDecoder, Page, by, counts
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord
from connectors.health import check_health
from connectors.http import UpstreamClient
from connectors.mail.port import CREDENTIAL_HEADER, Correspondent, MessageRecord

_encode = msgspec.json.Encoder().encode


def _concerns(message: MessageRecord, correspondent: Correspondent) -> bool:
    """Its client's, if it names one; and it may have several recipients, separated by commas."""
    if message.client_number not in (None, correspondent.client_number):
        return False
    concerned = f"{message.sender},{message.recipient}".lower().split(",")
    return correspondent.address.lower() in (each.strip() for each in concerned)


class RestMailArchive:
    """See `connectors.mail.port.MailArchive`."""

    def __init__(self, http: UpstreamClient) -> None:
        self.system = http.system
        self._http = http
        self._decoder = BatchDecoder(http.system, "message", MessageRecord)

    async def messages_by_address(
        self, keys: Sequence[Correspondent], part: Slice
    ) -> list[Page[MessageRecord | MalformedRecord]]:
        if not keys:
            return []
        question: dict[str, object] = {"first": part.first, "after": part.after}
        body = await self._post("list", keys, question)
        return self._decoder.pages(keys, body, _concerns)

    async def message_counts_by_address(self, keys: Sequence[Correspondent]) -> list[int]:
        if not keys:
            return []
        return counts(self.system, keys, await self._post("count", keys, {}))

    async def messages_by_id(self, ids: Sequence[str]) -> list[MessageRecord | MalformedRecord | None]:
        if not ids:
            return []
        question = {"keys": ids, "withoutHeader": CREDENTIAL_HEADER}
        body = await self._http.read("/mail/v1/get", _encode(question))
        return self._decoder.records(ids, body, by("id"))

    async def _post(self, verb: str, keys: Sequence[Correspondent], question: dict[str, object]) -> bytes:
        question |= {"keys": keys, "withoutHeader": CREDENTIAL_HEADER}
        return await self._http.read(f"/mail/v1/{verb}", _encode(question))

    async def health(self) -> None:
        check_health(self.system, await self._http.probe("/mail/v1/health"))
