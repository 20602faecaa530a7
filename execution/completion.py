"""Completing the values of one field for all objects of a level, type by type.

A completer takes a column of values and answers with their part of the answer: a list, or, where something is
to be waited for first, an awaitable of that list. What lies deeper fills in the rows by itself, by way of the
awaitables that it adds to `pending`.
"""

from collections.abc import AsyncIterable, Awaitable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLLeafType,
    GraphQLNonNull,
    GraphQLObjectType,
    Undefined,
    is_leaf_type,
    is_list_type,
    is_object_type,
)
from graphql.pyutils import is_awaitable, is_iterable
from graphql.pyutils.is_awaitable import is_async_iterable

from execution.concurrency import outcomes, settle
from execution.leaves import PLAIN, coerced, is_plain
from execution.places import Chosen, Items, Place
from execution.reading import of_its_type
from execution.run import Failure, Run

if TYPE_CHECKING:
    from execution.field import Field
    from execution.selection import Selection

Pending: TypeAlias = list[Awaitable[None]]
Done: TypeAlias = list[Any] | Awaitable[list[Any]]


class Completer(Protocol):
    """Completes columns of one type."""

    def __call__(self, run: Run, values: Sequence[Any], place: Place, pending: Pending) -> Done:
        """The column's part of the answer. `place` says where its values stand."""
        ...


def completer_of(field: "Field", shape: Any) -> Completer:
    """The completer for a type of a field: its own, or that of its items."""
    non_null = isinstance(shape, GraphQLNonNull)
    inner = shape.of_type if non_null else shape
    if is_list_type(inner):
        return ListCompleter(field, non_null, completer_of(field, inner.of_type))
    if is_leaf_type(inner):
        return LeafCompleter(field, non_null, inner)
    if is_object_type(inner):
        return ObjectCompleter(field, non_null, inner)
    return AbstractCompleter(field, non_null, inner)


def sifted(run: Run, values: Sequence[Any]) -> tuple[list[Any], list[int]]:
    """The values with exceptions marked as failures, and the positions of those to wait for."""
    found, waiting = list(values), []
    for index, value in enumerate(found):
        if value is None or value.__class__ in PLAIN or value.__class__ is Failure:
            continue
        if value is Undefined:
            found[index] = None
        elif is_awaitable(value):
            waiting.append(index)
        elif isinstance(value, Exception):
            found[index] = run.fail(value)
        else:
            is_plain(value)
    return found, waiting


def plain(values: Sequence[Any]) -> bool:
    """Whether none of the values needs a look."""
    return PLAIN.issuperset(map(type, values))


class _Base:
    """What completers have in common: waiting for a column, and nulls where none may be."""

    def __init__(self, field: "Field", non_null: bool) -> None:
        self._field = field
        self._non_null = non_null

    def __call__(self, run: Run, values: Sequence[Any], place: Place, pending: Pending) -> Done:
        """See Completer."""
        if plain(values):
            return self._complete(run, values, place, pending)
        found, waiting = sifted(run, values)
        if waiting:
            return self._after(run, found, waiting, place)
        return self._complete(run, found, place, pending)

    def _complete(self, run: Run, values: Sequence[Any], place: Place, pending: Pending) -> Done:
        raise NotImplementedError

    async def _after(self, run: Run, values: list[Any], waiting: list[int], place: Place) -> list[Any]:
        """Completes the column once its awaitables are there."""
        results = await outcomes([values[index] for index in waiting])
        for index, result in zip(waiting, results, strict=True):
            values[index] = result
        pending: Pending = []
        done = self(run, values, place, pending)
        if not isinstance(done, list):
            done = await done
        await settle(pending)
        return done


class LeafCompleter(_Base):
    """Scalars and enums."""

    def __init__(self, field: "Field", non_null: bool, leaf: GraphQLLeafType) -> None:
        super().__init__(field, non_null)
        self._leaf = leaf

    def _complete(self, run: Run, values: Sequence[Any], _place: Place, _pending: Pending) -> Done:
        return [self.one(run, value) for value in values]

    def one(self, run: Run, value: Any) -> Any:
        """A value that is there already, or a mark."""
        if value.__class__ is Failure:
            return value
        if value is None or value is Undefined:
            run.failed = run.failed or self._non_null
            return None
        try:
            if isinstance(value, Exception):
                raise value
            return coerced(self._leaf, value)
        except Exception as error:
            return run.fail(error)


class ListCompleter(_Base):
    """Lists: the items of all lists of the column are completed as one column."""

    def __init__(self, field: "Field", non_null: bool, item: Completer) -> None:
        super().__init__(field, non_null)
        self._item = item

    def _complete(self, run: Run, values: Sequence[Any], place: Place, pending: Pending) -> Done:
        lists, waiting = list(values), []
        items: list[Any] = []
        sizes: list[Any] = []
        for index, value in enumerate(values):
            if value.__class__ is list or value.__class__ is tuple:
                items += value
                sizes.append(len(value))
                continue
            if value is not None and value.__class__ is not Failure:
                found = self._listed(run, value)
                if found.__class__ is list:
                    lists[index] = found
                    items += found
                    sizes.append(len(found))
                    continue
                if found.__class__ is Failure:
                    lists[index] = value = found
                else:
                    lists[index] = found
                    waiting.append(index)
                    continue
            elif value is None:
                run.failed = run.failed or self._non_null
            sizes.append(value)
        if waiting:
            return self._after(run, lists, waiting, place)
        done = self._item(run, items, Items(place, sizes), pending)
        out: list[Any] = [[] if size.__class__ is int else size for size in sizes]
        if done.__class__ is list:
            _fill(out, sizes, done)
        else:
            pending.append(_fill_later(out, sizes, done))  # type: ignore[arg-type]
        return out

    def _listed(self, run: Run, value: Any) -> Any:
        """The items of what is neither a list nor a tuple: a list, a failure, or an awaitable of one."""
        if is_async_iterable(value):
            return _collected(value)
        try:
            if not is_iterable(value):
                name = f"{self._field.parent.name}.{self._field.name}"
                raise GraphQLError(f"Expected Iterable, but did not find one for field '{name}'.")
            return _items(value)
        except Exception as error:
            return run.fail(error)


def _items(value: Iterable[Any]) -> list[Any]:
    return list(value)


async def _collected(value: AsyncIterable[Any]) -> list[Any]:
    return [item async for item in value]


def _fill(lists: list[Any], sizes: Sequence[Any], items: Any) -> None:
    begin = 0
    for index, size in enumerate(sizes):
        if size.__class__ is int:
            lists[index] += items[begin : begin + size]
            begin += size


async def _fill_later(lists: list[Any], sizes: Sequence[Any], items: Awaitable[list[Any]]) -> None:
    _fill(lists, sizes, await items)


def is_checked(named: GraphQLObjectType) -> bool:
    """Whether each object must be asked if it is of its type."""
    check = named.is_type_of
    return check is not None and getattr(check, "__func__", check) is not of_its_type


class ObjectCompleter(_Base):
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
        if not self._checked and plain(values):
            return self._selection(run, values, place, pending)
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
        await settle(pending)
        return rows


def place_rows(
    run: Run, selection: "Selection", rows: list[Any], live: list[int], place: Place, pending: Pending
) -> list[Any]:
    """Puts the rows of the objects at the `live` positions in their places."""
    if live:
        chosen = place if len(live) == len(rows) else Chosen(place, live)
        made = selection(run, [rows[index] for index in live], chosen, pending)
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


class AbstractCompleter(_Base):
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
        await settle(pending)
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
        await settle(pending)
        return rows
