"""AmountDueLine: one step from an invoice's gross amount to its amount due."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from resolvers.amount_due import AmountDueLineKind
from resolvers.amount_due_texts import document_of, payment_of, text_of
from schema.fields import Info, argument, described, enum, money, related
from schema.language import Language
from schema.money import Money

if TYPE_CHECKING:
    from schema.invoice import Invoice
    from schema.payment import Payment

enum(
    AmountDueLineKind,
    "What a line of an explanation is.",
    {
        "GROSS": "The gross amount, with which it begins.",
        "PAYMENT": "A payment for the invoice.",
        "OVERPAYMENT": "Credit left over from an earlier payment.",
        "CORRECTION": "A correcting invoice.",
        "COMPENSATION": "Set off against what the leasing company owes.",
        "WRITE_OFF": "Given up by the leasing company.",
        "REVERSAL": "An earlier settlement taken back; it raises the amount due.",
        "EXCESS": "What is settled beyond the gross amount, and became the client's credit.",
        "COUNTED_ON_CORRECTED": "The amount of a correction, which counts on the corrected invoice.",
        "CANCELLATION": "What is not asked for since the invoice is cancelled.",
        "OTHER": "What the ledger's amount due differs by, for no reason that it gives.",
        "AMOUNT_DUE": "The amount due, with which it ends: the sum of the other lines.",
    },
)


async def _text(
    root: strawberry.Parent[Any],
    info: Info,
    language: Annotated[Language, argument("The language of the text.")] = Language.PL,
) -> Any:
    return await text_of(info.context, root, language)


@strawberry.type(description="One step from an invoice's gross amount to its amount due.")
class AmountDueLine:
    kind: AmountDueLineKind = described("What it is.")
    amount: Money = money("amount", "Negative when it lowers what is due.")
    on: date = described("The day on which it was issued or booked; of the amount due: as of which it holds.")
    text: str | None = strawberry.field(
        resolver=_text, description="What to show: one line, with the day and number of document or payment."
    )
    document: Annotated["Invoice", strawberry.lazy("schema.invoice")] | None = related(
        document_of, "The correcting invoice that it comes from, or the invoice that was corrected."
    )
    payment: Annotated["Payment", strawberry.lazy("schema.payment")] | None = related(
        payment_of, "The payment that it comes from."
    )
