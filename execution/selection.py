"""What is asked of one object type, compiled: a list of objects in, a list of answers out."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any, cast

from graphql import GraphQLObjectType

from execution.completion import Pending
from execution.concurrency import outcomes
from execution.field import Field
from execution.leaves import Awaited
from execution.places import Place
from execution.reading import Batched
from execution.rows import AnyRow, Row
from execution.run import Run
from execution.writing import Writer

Loop = Callable[[Run, Sequence[Any], Place], tuple[list[AnyRow], tuple[list[Any], ...]]]


@lru_cache(maxsize=256)
def _code(source: str, type_name: str) -> CodeType:
    """Documents that differ in arguments or names only have their loops in common; compiling is half of what
    a document costs that nobody has sent before."""
    return compile(source, f"<selection of {type_name}>", "exec")


class Selection:
    """The fields asked of objects of one type, fragments merged, in the order of the answer.

    `fields` has None for `__typename`. The loop is made when the first object comes by.
    """

    def __init__(self, named: GraphQLObjectType, fields: dict[str, Field | None]) -> None:
        self.type = named
        self.fields = fields
        self._others = [field for field in fields.values() if field and not field.is_read_in_line]
        self._made: list[tuple[tuple[str, ...], Field]] = []
        self._columns: list[Field] = []
        self._loop: Loop = self._first

    def __call__(self, run: Run, sources: Sequence[Any], place: Place, pending: Pending) -> list[AnyRow]:
        """The answers, whose deeper parts are there once all of `pending` is done."""
        if not sources:
            return []
        rows, columns = self._loop(run, sources, place)
        if run.awaited:
            run.awaited = False
            pending.append(self._later(run, rows))
        for field, values in zip(self._columns, columns, strict=True):
            field.deliver(run, rows, values, place, pending)
        for field in self._others:
            if isinstance(field.reading, Batched):
                pending.append(field.deliver_batch(run, rows, sources, place))
            else:
                field.deliver(run, rows, field.read(run, sources, place), place, pending)
        return rows

    def _first(
        self, run: Run, sources: Sequence[Any], place: Place
    ) -> tuple[list[AnyRow], tuple[list[Any], ...]]:
        self.prepare()
        return self._loop(run, sources, place)

    def prepare(self) -> None:
        """Makes the loop."""
        written = Writer(self)
        self._made, self._columns = written.made, written.columns
        # The source is made of GraphQL names, quoted, and of identifiers that are ours or the schema's.
        exec(_code(written.source, self.type.name), written.names)  # noqa: S102
        self._loop = cast("Loop", written.names["loop"])

    async def _later(self, run: Run, rows: list[AnyRow]) -> None:
        """Fills in what the loop found to be awaitable."""
        waiting = []
        for row in rows:
            for keys, field in self._made:
                inner = row if len(keys) == 1 else row[keys[0]]
                if isinstance(inner, dict | Row) and inner[keys[-1]].__class__ is Awaited:
                    waiting.append((inner, keys[-1], field))
        results = await outcomes([inner[key].awaitable for inner, key, _ in waiting])
        for (inner, key, field), result in zip(waiting, results, strict=True):
            made = inner[key].made and not isinstance(result, Exception)
            inner[key] = result if made else await field.late(run, result)
