"""What a tool asks for at the root is noted, for the audit."""

from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver
from strawberry.utils.str_converters import to_camel_case

from schema.fields import Info


class Noted(FieldExtension):
    """Tells the operation's readings what a root field was asked by, and what it found."""

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: Info, **arguments: Any
    ) -> Any:
        """What the field answers."""
        found = await next_(source, info, **arguments)
        readings = info.context.readings
        if readings is not None:
            name = info.operation.name
            readings.operation = name.value if name else ""
            readings.answered(info.field_name, _conditions(arguments), found)
        return found


def _conditions(arguments: dict[str, Any]) -> list[str]:
    """The names of the conditions of a filter."""
    where = arguments.get("filter")
    given = vars(where) if where else {}
    return [to_camel_case(name) for name, value in given.items() if value not in (None, strawberry.UNSET, [])]


def noted(query: Any) -> Any:
    """Watches every field of the root of all queries that asks a back office."""
    for field in query.__strawberry_definition__.fields:
        if field.is_async:
            field.extensions = [*field.extensions, Noted()]
    return query
