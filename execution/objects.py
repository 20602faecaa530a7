"""Completing objects: of one type, or of the types of an interface or union."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLAbstractType,
    GraphQLNonNull,
    GraphQLObjectType,
    is_leaf_type,
    is_list_type,
    is_object_type,
)
from graphql.pyutils import is_awaitable

from execution.completion import Base, Completer, Done, LeafCompleter, ListCompleter, Pending
from execution.concurrency import outcomes, settled
from execution.leaves import PLAIN
from execution.places import Chosen, Place
from execution.reading import of_its_type
from execution.run import Failure, Run

if TYPE_CHECKING:
    from execution.field import Field
    from execution.selection import Selection


def is_checked(named: GraphQLObjectType) -> bool:
    """Whether each object must be asked if it is of its type."""
    check = named.is_type_of
    return check is not None and getattr(check, "__func__", check) is not of_its_type


class ObjectCompleter(Base):
    """Objects of one type."""

    def __init__(self, field: "Field", non_null: bool, named: GraphQLObjectType) -> None:
        super().__init__(field, non_null)
        self.type = named
        self._checked = is_checked(named)
        self._made: Selection | None = None

    @property
    def _selection(self) -> "Selection":
        if self._made is None:
            self._made = self._field.selection(self.type)
        return self._made

    def __call__(self, run: Run, values: Sequence[Any], place: Place, pending: Pending) -> Done:
        """See Completer."""
        if not self._checked and PLAIN.issuperset(map(type, values)):
            return (self._made or self._selection).rows(run, values, place, pending)
        return super().__call__(run, values, place, pending)

    def _complete(self, run: Run, values: Sequence[Any], place: Place, pending: Pending) -> Done:
        rows = list(values)
        live = []
        for index, value in enumerate(values):
            if value is None:
                run.failed = run.failed or self._non_null
            elif value.__class__ is not Failure:
                live.append(index)
        if not self._checked:
            return place_rows(run, self._selection, rows, live, place, pending)
        answers = type_checks(run, self._field, self.type, rows, live, place)
        if any(is_awaitable(answer) for answer in answers):
            return self._checked_later(run, rows, live, answers, place)
        checked = _passing(run, self._field, self.type, rows, live, answers)
        return place_rows(run, self._selection, rows, checked, place, pending)

    async def _checked_later(
        self, run: Run, rows: list[Any], live: list[int], answers: list[Any], place: Place
    ) -> list[Any]:
        await _answered(answers)
        pending: Pending = []
        checked = _passing(run, self._field, self.type, rows, live, answers)
        place_rows(run, self._selection, rows, checked, place, pending)
        if pending:
            await settled(pending)
        return rows


def place_rows(
    run: Run, selection: "Selection", rows: list[Any], live: list[int], place: Place, pending: Pending
) -> list[Any]:
    """Puts the rows of the objects at the `live` positions in their places."""
    if live:
        chosen = place if len(live) == len(rows) else Chosen(place, live)
        made = selection.rows(run, [rows[index] for index in live], chosen, pending)
        for index, row in zip(live, made, strict=True):
            rows[index] = row
    return rows


async def _answered(answers: list[Any]) -> None:
    """Waits for those answers that are awaitable."""
    waiting = [index for index, answer in enumerate(answers) if is_awaitable(answer)]
    results = await outcomes([answers[index] for index in waiting])
    for index, result in zip(waiting, results, strict=True):
        answers[index] = result


def type_checks(
    run: Run, field: "Field", named: GraphQLObjectType, rows: list[Any], live: list[int], place: Place
) -> list[Any]:
    """What the type's `is_type_of` says of each: a truth, an exception, or an awaitable of it."""
    if not is_checked(named):
        return [True] * len(live)
    answers: list[Any] = []
    check: Any = named.is_type_of
    for index in live:
        try:
            answers.append(check(rows[index], field.value_info(run, place, index)))
        except Exception as error:
            answers.append(error)
    return answers


def _passing(
    run: Run, field: "Field", named: GraphQLObjectType, rows: list[Any], live: list[int], answers: list[Any]
) -> list[int]:
    """The positions of those that are of the type; the others fail."""
    checked = []
    for index, answer in zip(live, answers, strict=True):
        if isinstance(answer, Exception):
            rows[index] = run.fail(answer)
        elif answer:
            checked.append(index)
        else:
            rows[index] = run.fail(field.wrong_type(named, rows[index]))
    return checked


class AbstractCompleter(Base):
    """Objects of an interface or a union, level by level for each of its types."""

    def __init__(self, field: "Field", non_null: bool, named: GraphQLAbstractType) -> None:
        super().__init__(field, non_null)
        self._type = named
        self._made: dict[str, tuple[GraphQLObjectType, Selection]] = {}

    def _complete(self, run: Run, values: Sequence[Any], place: Place, pending: Pending) -> Done:
        rows = list(values)
        live = []
        names: list[Any] = []
        resolve = self._type.resolve_type or self._field.type_resolver
        for index, value in enumerate(values):
            if value is None:
                run.failed = run.failed or self._non_null
            elif value.__class__ is not Failure:
                live.append(index)
                try:
                    names.append(resolve(value, self._field.value_info(run, place, index), self._type))
                except Exception as error:
                    names.append(error)
        return self._typed(run, rows, live, names, place, pending)

    def _typed(
        self, run: Run, rows: list[Any], live: list[int], names: list[Any], place: Place, pending: Pending
    ) -> Done:
        if any(name.__class__ is not str and is_awaitable(name) for name in names):
            return self._later(run, rows, live, names, place)
        groups: dict[str, list[int]] = {}
        for index, name in zip(live, names, strict=True):
            try:
                if isinstance(name, Exception):
                    raise name
                if not isinstance(name, str) or name not in self._made:
                    self._make(name, rows[index])
                groups.setdefault(name, []).append(index)
            except Exception as error:
                rows[index] = run.fail(error)
        checks = {
            name: type_checks(run, self._field, self._made[name][0], rows, members, place)
            for name, members in groups.items()
        }
        if any(is_awaitable(answer) for answers in checks.values() for answer in answers):
            return self._checked_later(run, rows, groups, checks, place)
        return self._place(run, rows, groups, checks, place, pending)

    def _place(
        self,
        run: Run,
        rows: list[Any],
        groups: dict[str, list[int]],
        checks: dict[str, list[Any]],
        place: Place,
        pending: Pending,
    ) -> list[Any]:
        for name, members in groups.items():
            named, selection = self._made[name]
            checked = _passing(run, self._field, named, rows, members, checks[name])
            place_rows(run, selection, rows, checked, place, pending)
            for index in checked:
                run.kinds[id(rows[index])] = selection
        return rows

    def _make(self, name: Any, value: Any) -> None:
        named = self._field.runtime_type(self._type, name, value)
        self._made[name] = named, self._field.selection(named)

    async def _later(
        self, run: Run, rows: list[Any], live: list[int], names: list[Any], place: Place
    ) -> list[Any]:
        await _answered(names)
        pending: Pending = []
        done = self._typed(run, rows, live, names, place, pending)
        if not isinstance(done, list):
            done = await done
        if pending:
            await settled(pending)
        return done

    async def _checked_later(
        self,
        run: Run,
        rows: list[Any],
        groups: dict[str, list[int]],
        checks: dict[str, list[Any]],
        place: Place,
    ) -> list[Any]:
        for answers in checks.values():
            await _answered(answers)
        pending: Pending = []
        self._place(run, rows, groups, checks, place, pending)
        if pending:
            await settled(pending)
        return rows


def completer_of(field: "Field", shape: Any) -> Completer:
    """The completer for a type of a field: its own, or that of its items."""
    non_null = isinstance(shape, GraphQLNonNull)
    inner = shape.of_type if non_null else shape
    if is_list_type(inner):
        item = completer_of(field, inner.of_type)
        return ListCompleter(field, non_null, item, isinstance(inner.of_type, GraphQLNonNull))
    if is_leaf_type(inner):
        return LeafCompleter(field, non_null, inner)
    if is_object_type(inner):
        return ObjectCompleter(field, non_null, inner)
    return AbstractCompleter(field, non_null, inner)
