"""Permission to change something, checked before every mutation."""

from typing import Any

from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver

from resolvers.permissions import check
from schema.fields import Info


class Permitted(FieldExtension):
    """Null for a stranger, an error for a role that may not and for a tool, else the mutation itself."""

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: Info, **arguments: Any
    ) -> Any:
        """What the mutation answers."""
        if info.context.asker is None:
            return None
        check(info.context.asker, info.field_name)
        return await next_(source, info, **arguments)


def permitted(mutations: Any) -> Any:
    """Guards every field of the root of all mutations."""
    for field in mutations.__strawberry_definition__.fields:
        field.extensions = [*field.extensions, Permitted()]
    return mutations
