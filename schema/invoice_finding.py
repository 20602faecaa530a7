"""What lists of invoices are filtered and sorted by."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

import strawberry

from connectors.erp.queries import Direction
from connectors.erp.queries import InvoiceFilter as InvoiceConditions
from connectors.erp.records.invoice import InvoiceKind, InvoiceRecord
from execution.reading import BATCH
from resolvers.invoice_finding import NEWEST, InvoiceOrderField
from resolvers.invoice_finding import InvoiceOrder as InvoiceSorting
from resolvers.listing import Listed
from resolvers.operation import Operation
from resolvers.settlement import InvoiceStatus
from schema import invoice_kind as _enums  # noqa: F401  registers them
from schema import order_direction as _direction  # noqa: F401
from schema.connection import ABSENT, After, First
from schema.fields import Info, argument, condition, enum, given, known_reads
from schema.scalars import CurrencyCode

enum(
    InvoiceOrderField,
    "What invoices are sorted by.",
    {
        "ISSUE_DATE": "The day on which they were issued.",
        "DUE_DATE": "The day by which they are to be paid.",
        "GROSS": "The gross amount; needs `filter.currency`.",
        "AMOUNT_DUE": "The amount still to be paid, which changes; needs `filter.currency`.",
    },
)


@strawberry.input(description="Which invoices; every condition given must hold.")
class InvoiceFilter:
    issued_from: date | None = condition("Issued on this day or later.")
    issued_to: date | None = condition("Issued on this day or earlier.")
    due_from: date | None = condition("Due on this day or later.")
    due_to: date | None = condition("Due on this day or earlier.")
    kinds: list[InvoiceKind] | None = condition("Of one of these kinds; at least one.")
    statuses: list[InvoiceStatus] | None = condition(
        "In one of these statuses, at least one, on the back office's day."
    )
    contract_number: str | None = condition("Of the contract with this number.")
    vin: str | None = condition("Of a contract that leases the vehicle with this VIN, 17 characters.")
    number: str | None = condition("With exactly this number.")
    number_contains: str | None = condition(
        "With this within their number, 3 to 40 characters, in capitals or not."
    )
    ksef_number: str | None = condition("With exactly this number in KSeF, 35 characters.")
    currency: CurrencyCode | None = condition("In this currency.")
    gross_from: Decimal | None = condition("Of this gross amount in `currency`, or more.")
    gross_to: Decimal | None = condition("Of this gross amount in `currency`, or less.")

    @staticmethod
    def conditions(where: Any) -> InvoiceConditions:
        """What the ERP is asked."""
        return given(where, InvoiceConditions)


@strawberry.input(description="An order of invoices.")
class InvoiceOrder:
    field: InvoiceOrderField = strawberry.field(description="What they are sorted by.")
    direction: Direction = strawberry.field(default=Direction.DESC, description="Which way.")

    @staticmethod
    def sorting(order: Any) -> InvoiceSorting:
        """The order given, or the newest first."""
        return InvoiceSorting(order.field, order.direction) if order else NEWEST


InvoicesWhere: TypeAlias = Annotated[InvoiceFilter | None, argument("Which invoices.")]
InvoicesSorted: TypeAlias = Annotated[
    InvoiceOrder | None, argument("Sorted by what; by issue date, newest first, when it is left out.")
]


def listing(use_case: Listed[Any, InvoiceRecord] | Callable[..., Awaitable[object]], description: str) -> Any:
    """A field of a list of invoices, whosever they are."""

    async def resolve(
        root: strawberry.Parent[Any],
        info: Info,
        filter: InvoicesWhere = ABSENT,
        order_by: InvoicesSorted = ABSENT,
        first: First = 20,
        after: After = ABSENT,
    ) -> Any:
        where, order = InvoiceFilter.conditions(filter), InvoiceOrder.sorting(order_by)
        return await use_case(info.context, root, where, first, after or None, order)

    if not isinstance(use_case, Listed):
        return strawberry.field(resolver=resolve, description=description)

    def each(
        op: Operation,
        roots: Sequence[Any],
        filter: Any = ABSENT,
        order_by: Any = ABSENT,
        first: int | None = 20,
        after: Any = ABSENT,
    ) -> Any:
        where, order = InvoiceFilter.conditions(filter), InvoiceOrder.sorting(order_by)
        return use_case.each(op, roots, where, first, after or None, order)

    metadata = {BATCH: each, **known_reads(use_case)}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)
