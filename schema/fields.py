"""Ways to declare a field of a type whose source is a back-office record.

`described` reads the attribute of the same name; `computed` is a function of the record, or of some of its
attributes (`resolvers.derived`); `related` asks a use case of `resolvers`, for all records of a level at once
where it has `each`. The GraphQL type is the annotation of the class attribute.

What a field reads of its record is known for attributes, amounts and what is derived, and where it is
declared (`reads`); of an operation that asks for nothing else records are read in part.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

import msgspec
import strawberry
from strawberry.utils.str_converters import to_camel_case

from execution.reading import BATCH, COMPUTED, EMBEDDED, READS
from resolvers.derived import Derived
from resolvers.errors import InputError
from resolvers.operation import Operation
from schema.money import money_of

C = TypeVar("C", bound=msgspec.Struct)

Info = strawberry.Info[Operation, None]

COST = "cost"
"""In a field's metadata: what it costs beside the values in it, each of which is 1 (about a microsecond)."""


ALWAYS: Mapping[str, Any] = {READS: ()}
"""Metadata of a field whose resolver reads, of records that may be there in part, only what always is
(`Record.always`)."""


def described(description: str) -> Any:
    """A field that reads the attribute of its name."""
    return strawberry.field(description=description)


def computed(read: Callable[[Any], object], description: str) -> Any:
    """A field that is a function of its record."""

    def resolve(root: strawberry.Parent[Any]) -> Any:
        return read(root)

    metadata = {COMPUTED: (read.function, read.attributes)} if isinstance(read, Derived) else {}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)


def identified(read: Callable[[Any], object], description: str) -> Any:
    """A field that is a function of what its record always has."""

    def resolve(root: strawberry.Parent[Any]) -> Any:
        return read(root)

    return strawberry.field(resolver=resolve, description=description, metadata=ALWAYS)


def money(attribute: str, description: str) -> Any:
    """An amount of the record, in the record's currency."""

    def resolve(root: strawberry.Parent[Any]) -> Any:
        amount: Decimal | None = getattr(root, attribute)
        return None if amount is None else money_of(amount, root.currency)

    return strawberry.field(
        resolver=resolve,
        description=description,
        metadata={EMBEDDED: {"amount": attribute, "currency": "currency"}},
    )


def related(
    use_case: Callable[[Operation, Any], Awaitable[object]], description: str, *, cost: int | None = None
) -> Any:
    """A field that another call to the back office answers, or that is costly to make: `cost` is as COST."""

    async def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        return await use_case(info.context, root)

    each = getattr(use_case, "each", None)
    metadata = {BATCH: each} if each else {}
    metadata |= known_reads(use_case)
    return strawberry.field(
        resolver=resolve,
        description=description,
        metadata=metadata if cost is None else {**metadata, COST: cost},
    )


def known_reads(use_case: object) -> dict[str, Any]:
    """Metadata of a field that a use case answers: what that reads of its source, where it says so."""
    reads = getattr(use_case, "reads", None)
    return {} if reads is None else {READS: reads}


def condition(description: str) -> Any:
    """A condition of a filter; left out, it holds for everything."""
    return strawberry.field(default=strawberry.UNSET, description=description)


def given(where: Any, conditions: type[C]) -> C:
    """The conditions of a filter that were given, under the same names.

    Raises InputError for an empty list: some would mean all by it, and some none.
    """
    if not where:
        return conditions()
    values = {name: getattr(where, name) for name in conditions.__struct_fields__}
    told = {name: value for name, value in values.items() if value not in (None, strawberry.UNSET)}
    for name, value in told.items():
        if value == []:
            raise InputError(f"filter.{to_camel_case(name)}", "must name at least one; leave it out for all")
    return conditions(**{name: tuple(v) if isinstance(v, list) else v for name, v in told.items()})


def enum(
    cls: type[Enum], description: str, values: Mapping[str, str] | None = None, name: str | None = None
) -> None:
    """Makes a GraphQL enum of a Python one, with a description of each value."""
    definition: Any = strawberry.enum(cls, name=name, description=description).__strawberry_definition__  # type: ignore[attr-defined]
    texts = {"UNKNOWN": "A code that this version of the graph does not know.", **(values or {})}
    for value in definition.values:
        value.description = texts[value.name]


def argument(description: str, **options: Any) -> Any:
    """Metadata of a resolver's argument."""
    return strawberry.argument(description=inspect.cleandoc(description), **options)
