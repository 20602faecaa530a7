"""The short loop of a selection: for objects whose class says of what classes their attributes are.

Nothing is checked then object by object. Whatever it can't answer, it leaves to the loop that checks.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from graphql import GraphQLBoolean, GraphQLEnumType, GraphQLID, GraphQLInt, GraphQLNonNull, GraphQLString

from execution.leaves import enum_names, left_as_they_are
from execution.reading import Attribute, Direct
from execution.rows import row_expression

if TYPE_CHECKING:
    from execution.field import Field
    from execution.selection import Selection

Certain: TypeAlias = Callable[[type], Mapping[str, frozenset[type]]]
"""Of a class of objects: attributes whose values are of these very classes, in each of its objects. It is
believed."""

_NONE = type(None)


def nothing(_cls: type) -> Mapping[str, frozenset[type]]:
    """Nothing is certain."""
    return {}


class Unfit(Exception):
    """A field that the short loop can't answer."""


class Short:
    """The expression of a row of the object `o`.

    `names` takes what it refers to. Raises Unfit.
    """

    def __init__(self, selection: "Selection", names: dict[str, Any], *, written: bool) -> None:
        self._needs: list[tuple[str, frozenset[type]]] = []
        self._there: set[str] = set()  # which must not be null
        self._names = names
        self._written = written
        if not any(field and field.is_leaf_at_once for field in selection.fields.values()):
            raise Unfit
        self.expression = self._row(selection, {})

    def fits(self, certain: Mapping[str, frozenset[type]]) -> bool:
        """Whether attributes of these classes are enough."""
        return all(name in certain and certain[name] <= kinds for name, kinds in self._needs) and all(
            name in certain and _NONE not in certain[name] for name in self._there
        )

    def _row(self, selection: "Selection", attributes: Mapping[str, str]) -> str:
        parts = {}
        for key, field in selection.fields.items():
            part = "None"
            if field is None:
                part = repr(selection.type.name)
            elif field.is_read_in_line:
                part = self._part(field, attributes)
            parts[key] = part
        return row_expression(parts, self._names, written=self._written)

    def _part(self, field: "Field", attributes: Mapping[str, str]) -> str:
        reading = field.reading
        if not field.is_leaf_at_once:
            inner = field.plain_selection()
            embedded = field.embedded(inner) if inner is not None else None
            if inner is None or not embedded:
                raise Unfit
            self._there.add(next(iter(embedded.values())))
            return self._row(inner, embedded)
        shape: Any = field.definition.type
        nullable = not isinstance(shape, GraphQLNonNull)
        leaf = shape if nullable else shape.of_type
        if isinstance(reading, Attribute):
            name = attributes.get(reading.name, reading.name)
            return self._attribute(field, leaf, name, nullable)
        computed = cast("Direct", reading).attributes
        if computed is None or not isinstance(leaf, GraphQLEnumType):
            raise Unfit
        number = len(self._names)
        cls, table = self._enum(leaf)
        self._names[f"qf{number}"], self._names[f"qt{number}"] = cast("Direct", reading).function, table
        self._names[f"qe{number}"] = cls
        read = f"qf{number}({', '.join(f'o.{name}' for name in computed)})"
        return f"qt{number}[v._name_] if (v := {read}).__class__ is qe{number} else odd()"

    def _attribute(self, field: "Field", leaf: Any, name: str, nullable: bool) -> str:
        read = f"o.{name}"
        if leaf is GraphQLInt:
            self._needs.append((name, frozenset({int})))
            return f"v if -2147483648 <= (v := {read}) <= 2147483647 else odd()"
        if isinstance(leaf, GraphQLEnumType):
            number = len(self._names)
            cls, self._names[f"qt{number}"] = self._enum(leaf)
            self._needs.append((name, frozenset({cls})))
            return f"qt{number}[{read}._name_]"
        if leaf in (GraphQLString, GraphQLID):
            kinds: frozenset[type] = frozenset({str})
        elif leaf is GraphQLBoolean:
            kinds = frozenset({bool})
        else:
            kinds = frozenset(left_as_they_are(leaf, field.plan.written))
        self._needs.append((name, kinds | {_NONE} if nullable else kinds))
        return read

    def _enum(self, leaf: GraphQLEnumType) -> tuple[type, dict[str, str]]:
        known = enum_names(leaf)
        if known is None:
            raise Unfit
        return known
