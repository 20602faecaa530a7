"""PaymentInstructions: how to pay an invoice. Its source is the invoice's record."""

from typing import Any

import strawberry

from resolvers import qr, transfers
from resolvers.operation import Operation
from schema.fields import Info, computed, related
from schema.money import Money, money_of
from schema.scalars import IBAN


def _account(root: strawberry.Parent[Any], info: Info) -> Any:
    return transfers.account_of(info.context.backoffice.books.system, root)


def _zbp_qr_payload(root: strawberry.Parent[Any], info: Info) -> Any:
    return transfers.zbp_payload(info.context.backoffice.books.system, root)


async def _qr_svg(op: Operation, invoice: Any) -> str | None:
    return await qr.drawn(transfers.zbp_payload(op.backoffice.books.system, invoice))


def _ksef_number_for_transfer(root: strawberry.Parent[Any], info: Info) -> Any:
    return transfers.ksef_number_for_transfer(info.context.backoffice.books.system, root)


def _vat_share(invoice: Any) -> Money | None:
    share = transfers.vat_share(invoice)
    return None if share is None else money_of(share, invoice.currency)


@strawberry.type(description="How to pay what is due on an invoice by bank transfer.")
class PaymentInstructions:
    account: IBAN | None = strawberry.field(
        resolver=_account, description="The account to pay to, with its check digits verified."
    )
    recipient: str = computed(lambda invoice: invoice.transfer.recipient, "Whom to pay.")
    title: str = computed(lambda invoice: invoice.transfer.title, "Title to give to the transfer.")
    zbp_qr_payload: str | None = strawberry.field(
        resolver=_zbp_qr_payload,
        description="The Polish banks' 2D code (ZBP) for the amount due; null when nothing is due, and in"
        " other currencies than PLN.",
    )
    qr_svg: str | None = related(_qr_svg, "The 2D code as an SVG; null where there is none.", cost=qr.COST)
    ksef_number_for_transfer: str | None = strawberry.field(
        resolver=_ksef_number_for_transfer,
        description="The KSeF number that a transfer between active VAT payers must carry from 2027-01-01"
        " (art. 108g of the VAT Act); null before that day, by `settlementAsOf`.",
    )
    split_payment: bool = computed(
        lambda invoice: invoice.transfer.split_payment,
        "Indicates whether the split payment mechanism (MPP) must be used.",
    )
    vat_share: Money | None = computed(
        _vat_share,
        "The VAT within the amount due, for split payment, to the grosz; null when nothing is due, and in"
        " other currencies than PLN.",
    )
