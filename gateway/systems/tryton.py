"""Tryton as the system of clients and of the books."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

from connectors.erp.records.invoice import InvoiceKind
from connectors.http import UpstreamClient
from gateway.setting import REQUIRED, setting
from gateway.setting_values import number, seconds, text, url
from gateway.systems.kind import Kind, Opened, Surroundings

KINDS: Final = tuple(kind.name for kind in InvoiceKind if kind is not InvoiceKind.CORRECTION)


def _kind(value: str) -> InvoiceKind:
    if value.strip() not in KINDS:
        raise ValueError(f"there is no kind '{value.strip()}'; there is {', '.join(KINDS)}")
    return InvoiceKind[value.strip()]


def _kinds(value: str) -> tuple[tuple[str, InvoiceKind], ...]:
    found: dict[str, InvoiceKind] = {}
    for pair in filter(str.strip, value.split(",")):
        code, equals, kind = pair.rpartition("=")
        if not (equals and code.strip()):
            raise ValueError(f"'{pair.strip()}' is no pair")
        found[code.strip()] = _kind(kind)
    return tuple(found.items())


def _words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())


@dataclass(frozen=True, kw_only=True)
class TrytonKeys:
    """`url` is that of the database, before `/rest/…`."""

    url: str = setting(
        REQUIRED, url("http", "https"), "http(s)://host[:port]/database", "The address of its database."
    )
    api_key: str = setting(REQUIRED, text, "a text", "Key of a user application for its REST.", secret=True)
    timeout: float = setting(5.0, seconds, "seconds", "Longest wait for one answer.")
    company: int | None = setting(
        None, number(1), "a number", "Id of its company; without it, that of the key's user.", shown="–"
    )
    client_category: str | None = setting(
        None, text, "a text", "Name of the party category of clients; without it, all parties.", shown="–"
    )
    invoice_kinds: tuple[tuple[str, InvoiceKind], ...] = setting(
        (),
        _kinds,
        "product=KIND, …",
        "What an invoice is for, by the code of a product on it.",
        shown="–",
    )
    other_kind: InvoiceKind = setting(
        InvoiceKind.UNKNOWN, _kind, "a kind", "What all other invoices are for.", shown="UNKNOWN"
    )
    payment_journals: tuple[str, ...] = setting(
        ("cash", "statement"), _words, "types, …", "Types of the journals that hold payments."
    )


async def _open(name: str, keys: TrytonKeys, surroundings: Surroundings, stack: AsyncExitStack) -> Opened:
    from connectors.erp.tryton import Choices, TrytonErp, company_headers  # where there is one, as S3

    guard = surroundings.guard(name, keys.timeout)
    headers = company_headers(keys.company)
    http = UpstreamClient(
        name, keys.url, api_key=keys.api_key, timeout=keys.timeout, guard=guard, headers=headers
    )
    stack.push_async_callback(http.close)
    choices = Choices(
        kinds=dict(keys.invoice_kinds),
        other_kind=keys.other_kind,
        payment_journals=keys.payment_journals,
        company=keys.company,
        client_category=keys.client_category,
    )
    erp = TrytonErp(http, choices)
    return Opened({"clients": erp, "books": erp}, erp, guard)


TRYTON: Final[Kind] = Kind(
    "tryton",
    "[Tryton](tryton.md) 8.2, by its own REST.",
    ("clients", "books"),
    TrytonKeys,
    _open,
)
