"""Ksef: an invoice in the national e-invoice system. Its source is the invoice's record."""

from datetime import datetime
from typing import Any

import strawberry

from connectors.erp.records.invoice_terms import KsefMode
from resolvers import ksef, qr
from resolvers.operation import Operation
from schema.fields import Info, computed, enum, related

enum(
    KsefMode,
    "How an invoice came into KSeF.",
    {
        "ONLINE": "Sent when it was issued.",
        "OFFLINE24": "Issued offline and sent by the next working day.",
        "OFFLINE": "Issued while KSeF was not available, and sent later.",
        "EMERGENCY": "Issued during an announced failure of KSeF, and sent later.",
    },
)


def _url(op: Operation, invoice: Any) -> str | None:
    return ksef.verification_url_of(op.backoffice.books.system, op.backoffice.ksef_qr_url, invoice)


def _number(root: strawberry.Parent[Any], info: Info) -> Any:
    return ksef.number_of(info.context.backoffice.books.system, root)


def _verification_url(root: strawberry.Parent[Any], info: Info) -> Any:
    return _url(info.context, root)


async def _qr_svg(op: Operation, invoice: Any) -> str | None:
    return await qr.drawn(_url(op, invoice))


@strawberry.type(description="An invoice in KSeF, the national e-invoice system.")
class Ksef:
    number: str | None = strawberry.field(
        resolver=_number,
        description="Its number there: 35 characters, check digits verified; null until one is given.",
    )
    mode: KsefMode = computed(lambda invoice: invoice.ksef.mode, "How it came there.")
    accepted_at: datetime | None = computed(
        lambda invoice: invoice.ksef.accepted_at, "When KSeF accepted it; null until then."
    )
    verification_url: str | None = strawberry.field(
        resolver=_verification_url, description="The link of QR code KOD I, at which anybody can verify it."
    )
    qr_svg: str | None = related(
        _qr_svg,
        "KOD I as an SVG; below it belongs the number, or OFFLINE while there is none.",
        cost=qr.COST,
    )
