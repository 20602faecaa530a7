"""What lists of contracts are filtered and sorted by."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, TypeAlias

import strawberry

from connectors.erp.queries import ContractFilter as ContractConditions
from connectors.erp.queries import Direction
from connectors.erp.records.contract import ContractKind, ContractRecord, ContractStatus
from execution.reading import BATCH
from resolvers.contract_finding import NEWEST, ContractOrderField
from resolvers.contract_finding import ContractOrder as ContractSorting
from resolvers.listing import Listed
from resolvers.operation import Operation
from schema import order_direction as _direction  # noqa: F401  registers it
from schema.connection import ABSENT, After, First
from schema.fields import Info, argument, condition, enum, given, known_reads

enum(
    ContractOrderField,
    "What contracts are sorted by.",
    {"STARTS_ON": "Their first day.", "ENDS_ON": "Their last day."},
)


@strawberry.input(description="Which contracts; every condition given must hold.")
class ContractFilter:
    number: str | None = condition("With exactly this number.")
    statuses: list[ContractStatus] | None = condition("In one of these states; at least one.")
    kinds: list[ContractKind] | None = condition("Of one of these kinds; at least one.")
    asset_name_contains: str | None = condition(
        "With this within the name of one of their assets, 3 to 40 characters, in capitals or not."
    )
    registration_number: str | None = condition(
        "With exactly this registration number of a vehicle, with or without its space."
    )
    vin: str | None = condition("With exactly this VIN of a vehicle, 17 characters.")

    @staticmethod
    def conditions(where: Any) -> ContractConditions:
        """What the ERP is asked."""
        return given(where, ContractConditions)


@strawberry.input(description="An order of contracts.")
class ContractOrder:
    field: ContractOrderField = strawberry.field(description="What they are sorted by.")
    direction: Direction = strawberry.field(default=Direction.DESC, description="Which way.")

    @staticmethod
    def sorting(order: Any) -> ContractSorting:
        """The order given, or the newest first."""
        return ContractSorting(order.field, order.direction) if order else NEWEST


ContractsWhere: TypeAlias = Annotated[ContractFilter | None, argument("Which contracts.")]
ContractsSorted: TypeAlias = Annotated[
    ContractOrder | None, argument("Sorted by what; by first day, newest first, when it is left out.")
]


def listing(
    use_case: Listed[Any, ContractRecord] | Callable[..., Awaitable[object]], description: str
) -> Any:
    """A field of a list of contracts, whosever they are."""

    async def resolve(
        root: strawberry.Parent[Any],
        info: Info,
        filter: ContractsWhere = ABSENT,
        order_by: ContractsSorted = ABSENT,
        first: First = 20,
        after: After = ABSENT,
    ) -> Any:
        where, order = ContractFilter.conditions(filter), ContractOrder.sorting(order_by)
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
        where, order = ContractFilter.conditions(filter), ContractOrder.sorting(order_by)
        return use_case.each(op, roots, where, first, after or None, order)

    metadata = {BATCH: each, **known_reads(use_case)}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)
