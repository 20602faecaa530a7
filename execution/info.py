"""What a resolver is told of its field: graphql-core's `GraphQLResolveInfo`, made cheaply.

What all objects of a level share is kept once; the path is worked out when it is read.
"""

from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any

from graphql import GraphQLResolveInfo
from graphql.pyutils import Path, is_awaitable
from graphql.type.definition import GraphQLResolveInfoHelpers

from execution.concurrency import in_background, together
from execution.places import Place
from execution.run import Run

if TYPE_CHECKING:
    from execution.field import Field


def _track(values: Sequence[Any]) -> None:
    in_background([value for value in values if is_awaitable(value)])


def _gather(values: Sequence[Awaitable[Any]]) -> Awaitable[list[Any]]:
    return together(values)


HELPERS = GraphQLResolveInfoHelpers(_gather, _track)


class Info:
    """The attributes of a `GraphQLResolveInfo`, for one object of a level."""

    __slots__ = ("_field", "_index", "_place", "_run")

    def __init__(self, run: Run, field: "Field", place: Place, index: int) -> None:
        self._run = run
        self._field = field
        self._place = place
        self._index = index

    field_name = property(lambda self: self._field.name)
    field_nodes = property(lambda self: self._field.nodes)
    return_type = property(lambda self: self._field.definition.type)
    parent_type = property(lambda self: self._field.parent)
    schema = property(lambda self: self._run.plan.schema)
    fragments = property(lambda self: self._run.plan.fragments)
    root_value = property(lambda self: self._run.root)
    operation = property(lambda self: self._run.plan.operation)
    variable_values = property(lambda self: self._run.plan.shown(self._run.variables))
    context = property(lambda self: self._run.context)
    operation_extensions = None
    abort_signal = None
    async_helpers = HELPERS
    is_awaitable = staticmethod(is_awaitable)

    @property
    def path(self) -> Path:
        """The field's path in the answer."""
        return Path(self._place.path(self._index), self._field.key, self._field.parent.name)


def resolve_info(run: Run, field: "Field", place: Place, index: int) -> GraphQLResolveInfo[Any]:
    """The info of a field of the object at this position."""
    info: Any = Info(run, field, place, index)
    return info  # type: ignore[no-any-return]


class _ValueInfo(Info):
    """What a type is told of a value: the info of its field, whose place is that of the value."""

    __slots__ = ()

    @property
    def path(self) -> Path:
        """The path of the field, whichever item of its lists the value is."""
        path: Any = self._place.path(self._index)
        while isinstance(path.key, int):
            path = path.prev
        return path  # type: ignore[no-any-return]


def value_info(run: Run, field: "Field", place: Place, index: int) -> GraphQLResolveInfo[Any]:
    """The info of the field whose value stands at this position."""
    info: Any = _ValueInfo(run, field, place, index)
    return info  # type: ignore[no-any-return]
