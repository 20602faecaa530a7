"""What is asked of one object type, compiled: a list of objects in, a list of answers out.

One loop is generated for each selection. It reads attributes and calls plain functions, coerces leaves in
line, and gathers the values of other fields as columns, which are completed a level at a time. A failing
field costs its own value only: `try` costs nothing as long as nothing is raised.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from graphql import GraphQLNonNull, GraphQLObjectType, Undefined

from execution.completion import LeafCompleter, Pending
from execution.concurrency import outcomes
from execution.field import Field
from execution.leaves import PLAIN, Awaited, snippet
from execution.places import Place
from execution.reading import Attribute, Batched, Direct
from execution.run import Run

Row = dict[str, Any]
Loop = Callable[[Run, Sequence[Any], Place], tuple[list[Row], tuple[list[Any], ...]]]


class Selection:
    """The fields asked of objects of one type, fragments merged, in the order of the answer.

    `fields` has None for `__typename`.
    """

    def __init__(self, named: GraphQLObjectType, fields: dict[str, Field | None]) -> None:
        self.type = named
        self.fields = fields
        asked = [field for field in fields.values() if field is not None]
        self._leaves = [field for field in asked if field.is_made_in_line]
        self._columns = [field for field in asked if field.is_read_in_line and not field.is_made_in_line]
        self._others = [field for field in asked if not field.is_read_in_line]
        self.source, names = _written(self)
        # The source is made of GraphQL names, quoted, and of identifiers that are ours or the schema's.
        exec(compile(self.source, f"<selection of {named.name}>", "exec"), names)  # noqa: S102
        self._loop = cast("Loop", names["loop"])

    def __call__(self, run: Run, sources: Sequence[Any], place: Place, pending: Pending) -> list[Row]:
        """The answers, whose deeper parts are there once all of `pending` is done."""
        if not sources:
            return []
        rows, columns = self._loop(run, sources, place)
        if run.awaited:
            run.awaited = False
            pending.append(self._leaves_later(run, rows))
        for field, values in zip(self._columns, columns, strict=True):
            field.deliver(run, rows, values, place, pending)
        for field in self._others:
            if isinstance(field.reading, Batched):
                pending.append(field.deliver_batch(run, rows, sources, place))
            else:
                field.deliver(run, rows, field.read(run, sources, place), place, pending)
        return rows

    async def _leaves_later(self, run: Run, rows: list[Row]) -> None:
        waiting = [
            (row, field) for row in rows for field in self._leaves if row[field.key].__class__ is Awaited
        ]
        results = await outcomes([row[field.key].awaitable for row, field in waiting])
        for (row, field), result in zip(waiting, results, strict=True):
            completer = cast("LeafCompleter", field.completer)
            row[field.key] = completer.one(run, result)


def _written(selection: Selection) -> tuple[str, dict[str, Any]]:
    """The source of a selection's loop, and what its names refer to."""
    names: dict[str, Any] = {"PLAIN": PLAIN, "Undefined": Undefined}
    before: list[str] = []
    body: list[str] = []
    answer: list[str] = []
    columns: list[str] = []
    for number, (key, field) in enumerate(selection.fields.items()):
        if field is None:
            answer.append(f"{key!r}: {selection.type.name!r}")
            continue
        answer.append(f"{key!r}: {f'v{number}' if field.is_made_in_line else None}")
        if not field.is_read_in_line:
            continue
        read = _reading(field, number, names, before)
        if field.is_made_in_line:
            shape = field.definition.type
            leaf: Any = shape.of_type if isinstance(shape, GraphQLNonNull) else shape
            names[f"s{number}"] = field.leaf
            lines = [f"v{number} = {read}", *snippet(leaf, f"v{number}", number, names)]
            failed = f"v{number} = fail(error)"
        else:
            before += [f"k{number} = []", f"a{number} = k{number}.append"]
            columns.append(f"k{number},")
            lines = [f"a{number}({read})"]
            failed = f"a{number}(fail(error))"
        body += ["try:", *(f"    {line}" for line in lines), "except Exception as error:", f"    {failed}"]
    counted = any("(n)" in line for line in body)
    source = [
        "def loop(run, sources, place):",
        "    rows = []",
        "    add = rows.append",
        "    fail = run.fail",
        *(f"    {line}" for line in before),
        "    for n, o in enumerate(sources):" if counted else "    for o in sources:",
        *(f"        {line}" for line in body),
        f"        add({{{', '.join(answer)}}})",
        f"    return rows, ({' '.join(columns)})",
    ]
    return "\n".join(source), names


def _reading(field: Field, number: int, names: dict[str, Any], before: list[str]) -> str:
    """The expression that reads a field of the object `o`."""
    if isinstance(field.reading, Attribute):
        return f"o.{field.reading.name}"
    reading = cast("Direct", field.reading)
    names[f"f{number}"] = reading.function
    given = ["o"] if reading.positional else []
    given += [f"{name}=o" for name in reading.by_name]
    if reading.info:
        names[f"m{number}"] = field.infos
        before.append(f"i{number} = m{number}(run, place)")
        given.append(f"{reading.info}=i{number}(n)")
    return f"f{number}({', '.join(given)})"
