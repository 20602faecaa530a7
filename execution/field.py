"""One response key of one object type: where its values come from, and what becomes of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import strawberry
from graphql import (
    FieldNode,
    GraphQLAbstractType,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    default_type_resolver,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import Executor, invalid_return_type_error
from graphql.execution.values import get_argument_values
from graphql.pyutils import is_awaitable

from execution.completion import Completer, Done, LeafCompleter, Pending
from execution.concurrency import settled
from execution.conversion import Conversion
from execution.info import resolve_info, value_info
from execution.leaves import PLAIN, Awaited
from execution.literals import Arguments, Unclear, is_shared
from execution.objects import ObjectCompleter, completer_of, is_checked
from execution.places import Column, Place, Root
from execution.reading import Attribute, Batched, Direct, Reading
from execution.rows import AnyRow, attribute
from execution.run import Run

if TYPE_CHECKING:
    from execution.plan import Plan
    from execution.selection import Selection

_NOWHERE = Root()
_ensure_valid_runtime_type: Any = Executor.ensure_valid_runtime_type


class Field:
    """A field of a selection, at a position in its rows. `details` are its nodes, merged from everywhere in
    the selection.
    """

    def __init__(
        self,
        plan: "Plan",
        parent: GraphQLObjectType,
        key: str,
        details: list[FieldDetails],
        definition: GraphQLField,
        reading: Reading,
        position: int,
    ) -> None:
        self.plan = plan
        self.parent = parent
        self.key = key
        self._attribute = attribute(position) if plan.written else None
        self.details = details
        self.nodes: list[FieldNode] = [each.node for each in details]
        self.name = self.nodes[0].name.value
        self.definition = definition
        self.reading = reading
        self.completer: Completer = completer_of(self, definition.type)
        self._given: Arguments | None = None
        self._conversion: Conversion | None = None
        self._arguments: dict[str, Any] | None = None
        """Those that its batch function always gets, once they are known."""
        self._batch: Any = reading.function if isinstance(reading, Batched) else None

    @property
    def is_read_in_line(self) -> bool:
        """Whether the generated loop reads it."""
        return isinstance(self.reading, Attribute | Direct)

    @property
    def is_there_at_once(self) -> bool:
        """Whether its value is not, as a rule, to be waited for."""
        return isinstance(self.reading, Attribute) or (
            isinstance(self.reading, Direct) and not self.reading.is_async
        )

    @property
    def is_leaf_at_once(self) -> bool:
        """Whether the generated loop makes its whole answer: a leaf that is there at once."""
        return self.is_there_at_once and isinstance(self.completer, LeafCompleter)

    @property
    def needs_info(self) -> bool:
        """Whether its function is told where it stands."""
        return isinstance(self.reading, Direct) and self.reading.info is not None

    def plain_selection(self) -> "Selection | None":
        """What is asked of its object, if it has one type whose objects need no check."""
        completer = self.completer
        if isinstance(completer, ObjectCompleter) and not is_checked(completer.type):
            return self.selection(completer.type)
        return None

    def embedded(self, inner: "Selection") -> Mapping[str, str] | None:
        """Where its object is made of attributes of its parent: which, for what is asked of it."""
        attributes = self.reading.embedded if isinstance(self.reading, Direct) else None
        asked = [each.reading for each in inner.fields.values() if each is not None]
        if attributes and all(isinstance(each, Attribute) and each.name in attributes for each in asked):
            return attributes
        return None

    def selection(self, named: GraphQLObjectType) -> "Selection":
        """What is asked of its objects of this type."""
        return self.plan.selection(named, self.details)

    def type_resolver(self, value: Any, info: GraphQLResolveInfo[Any], abstract: GraphQLAbstractType) -> Any:
        """The way of abstract types without their own."""
        return default_type_resolver(value, info, abstract)

    def runtime_type(self, abstract: GraphQLAbstractType, name: Any, value: Any) -> GraphQLObjectType:
        """The type that was resolved. Raises graphql-core's error when it is none."""
        return cast(
            "GraphQLObjectType",
            _ensure_valid_runtime_type(
                self.plan, name, abstract, self.details, _Named(self.parent, self.name), value
            ),
        )

    def wrong_type(self, named: GraphQLObjectType, value: Any) -> GraphQLError:
        """The error of an object that is not of its type."""
        return invalid_return_type_error(named, value, self.details)

    def value_info(self, run: Run, place: Place, index: int) -> GraphQLResolveInfo[Any]:
        """What a type is told of a value, whose place is one of this field's own."""
        return value_info(run, self, place, index)

    def infos(self, run: Run, place: Place) -> Callable[[int], Any]:
        """Makes Strawberry's infos for the objects of a level."""
        reading = cast("Direct | Batched", self.reading)
        make = cast("strawberry.Schema", self.plan.owner).config.info_class

        def info(index: int) -> Any:
            return make(_raw_info=resolve_info(run, self, place, index), _field=reading.field)

        return info

    def arguments(self, run: Run) -> dict[str, Any]:
        """The arguments, which are the same for all objects of a level. Raises a GraphQLError."""
        if not self.definition.args:
            return {}
        if self._given is None:
            self._given = Arguments(self.definition, self.nodes[0])
        try:
            return self._given(run.variables.coerced)
        except Unclear:
            return get_argument_values(self.definition, self.nodes[0], run.variables)

    def _python_arguments(self, run: Run, place: Place) -> dict[str, Any]:
        """The arguments as a Strawberry resolver gets them; those that are always the same are kept."""
        arguments = self.arguments(run)
        if arguments:
            if self._conversion is None:
                owner = cast("strawberry.Schema", self.plan.owner)
                self._conversion = Conversion(cast("Batched", self.reading).field, owner)
            arguments = self._conversion(arguments, lambda: self.infos(run, place)(0))
        if (self._given is None or self._given.are_constant) and all(map(is_shared, arguments.values())):
            self._arguments = arguments
        return arguments

    def read(self, run: Run, sources: Sequence[Any], place: Place) -> list[Any]:
        """The values, by the field's own resolver for each object."""
        resolve = cast("Any", self.reading).function
        try:
            arguments = self.arguments(run)
        except Exception as error:
            return [run.fail(error) for _ in sources]
        values = []
        for index, source in enumerate(sources):
            try:
                values.append(resolve(source, resolve_info(run, self, place, index), **arguments))
            except Exception as error:
                values.append(run.fail(error))
        return values

    def deliver(
        self, run: Run, rows: list[AnyRow], values: Sequence[Any], place: Place, pending: Pending
    ) -> None:
        """Completes the values and puts them into their rows, now or later."""
        done = self.completer(run, values, Column(place, self.key, self.parent.name), pending)
        if isinstance(done, list):
            self._put(rows, done)
        else:
            pending.append(self._put_later(rows, done))

    async def deliver_batch(self, run: Run, rows: list[AnyRow], sources: Sequence[Any], place: Place) -> None:
        """Asks the batch function for all objects at once, and delivers."""
        values: Sequence[Any]
        try:
            arguments = self._arguments
            if arguments is None:
                arguments = self._python_arguments(run, place)
            values = await self._batch(run.context, sources, **arguments)
            if len(values) != len(sources):
                raise RuntimeError(
                    f"The batch of {self.parent.name}.{self.name} gave {len(values)} values"
                    f" for {len(sources)} objects."
                )
        except Exception as error:
            values = [run.fail(error) for _ in sources]
        pending: Pending = []
        self.deliver(run, rows, values, place, pending)
        if pending:
            await settled(pending)

    def leaf(self, run: Run, value: Any) -> Any:
        """A leaf's answer the long way, for the generated loop."""
        if value is not None and value.__class__ not in PLAIN and is_awaitable(value):
            run.awaited = True
            return Awaited(value)
        return cast("LeafCompleter", self.completer).one(run, value)

    def alone(self, run: Run, value: Any) -> Any:
        """The answer of an object the long way, for the generated loop."""
        if value is not None and is_awaitable(value):
            run.awaited = True
            return Awaited(value)
        outer, run.awaited = run.awaited, False
        pending: Pending = []
        done = self.completer(run, [value], _NOWHERE, pending)
        run.awaited = outer
        if isinstance(done, list) and not pending:
            return done[0]
        run.awaited = True
        return Awaited(_finished(done, pending), made=True)

    async def late(self, run: Run, value: Any) -> Any:
        """The answer of one value that was waited for."""
        pending: Pending = []
        return await _finished(self.completer(run, [value], _NOWHERE, pending), pending)

    def _put(self, rows: list[AnyRow], done: list[Any]) -> None:
        key = self.key
        if self._attribute is None:
            for row, value in zip(rows, done, strict=True):
                row[key] = value
        else:
            for row, value in zip(rows, done, strict=True):
                setattr(row, self._attribute, value)

    async def _put_later(self, rows: list[AnyRow], done: Any) -> None:
        self._put(rows, await done)


async def _finished(done: Done, pending: Pending) -> Any:
    """The only answer of a column, once all of it is there."""
    found = done if isinstance(done, list) else await done
    if pending:
        await settled(pending)
    return found[0]


class _Named(NamedTuple):
    """What graphql-core's error of a wrong type says of the field."""

    parent_type: GraphQLObjectType
    field_name: str
