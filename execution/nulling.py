"""The second pass over an answer in which something failed: paths of errors, and nulls that spread.

It walks in graphql-core's order, depth first, so that errors come in the order of resolvers that don't wait.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLNonNull,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    located_error,
)

from execution.rows import AnyRow
from execution.run import Failure, Run

if TYPE_CHECKING:
    from execution.field import Field
    from execution.selection import Selection

Path = tuple[str | int, ...]


def nulled(run: Run, selection: "Selection", row: AnyRow) -> ExecutionResult:
    """The result, once failures are errors and nulls have spread to where they may stand."""
    walk = _Walk(run)
    data: Any
    try:
        data = walk.row(selection, row, ())
    except _Spreading as spreading:
        walk.errors.append(spreading.error)
        data = None
    return ExecutionResult(data, walk.errors)


class _Spreading(Exception):
    """A null where none may stand, on its way up."""

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error)
        self.error = error


class _Walk:
    """Rows and lists change in place. The first null that spreads ends its object, as in graphql-core."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.errors: list[GraphQLError] = []

    def row(self, selection: "Selection", row: AnyRow, path: Path) -> AnyRow:
        for key, field in selection.fields.items():
            if field is not None:
                row[key] = self._value(field, field.definition.type, row[key], (*path, key))
        return row

    def _value(self, field: "Field", shape: Any, value: Any, path: Path) -> Any:
        non_null = isinstance(shape, GraphQLNonNull)
        if value.__class__ is Failure:
            error = located_error(value.error, field.nodes, list(path))
        elif value is not None:
            try:
                return self._inside(field, shape.of_type if non_null else shape, value, path)
            except _Spreading as spreading:
                error = spreading.error
        elif non_null:
            name = f"{field.parent.name}.{field.name}"
            wrong = TypeError(f"Cannot return null for non-nullable field {name}.")
            error = located_error(wrong, field.nodes, list(path))
        else:
            return None
        if non_null:
            raise _Spreading(error)
        self.errors.append(error)
        return None

    def _inside(self, field: "Field", shape: Any, value: Any, path: Path) -> Any:
        if is_list_type(shape):
            items: Sequence[Any] = value
            return [self._value(field, shape.of_type, item, (*path, i)) for i, item in enumerate(items)]
        if is_leaf_type(shape):
            return value
        if is_abstract_type(shape):
            return self.row(self._run.kinds[id(value)], value, path)
        return self.row(field.selection(shape), value, path)
