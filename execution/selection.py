"""What is asked of one object type, compiled: a list of objects in, a list of answers out."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any, cast

from graphql import GraphQLObjectType

from execution.certain import Certain
from execution.completion import Pending
from execution.concurrency import outcomes
from execution.field import Field
from execution.leaves import Awaited
from execution.places import Place
from execution.rows import AnyRow, Row
from execution.run import Run
from execution.writing import Writer

Loop = Callable[[Run, Sequence[Any], Place, Pending], list[AnyRow]]


@lru_cache(maxsize=256)
def _code(source: str, type_name: str) -> CodeType:
    """Documents that differ in arguments or names only have their loops in common; compiling is half of what
    a document costs that nobody has sent before."""
    return compile(source, f"<selection of {type_name}>", "exec")


class Selection:
    """The fields asked of objects of one type, fragments merged, in the order of the answer.

    `fields` has None for `__typename`. `rows` is the loop, made when the first object comes by: it gives the
    answers, whose deeper parts are there once all that it has added to `pending` is done.
    """

    def __init__(self, named: GraphQLObjectType, fields: dict[str, Field | None], certain: Certain) -> None:
        self.certain = certain
        self.type = named
        self.fields = fields
        self._made: list[tuple[tuple[str, ...], Field]] = []
        self.rows: Loop = self._first

    def _first(self, run: Run, sources: Sequence[Any], place: Place, pending: Pending) -> list[AnyRow]:
        self.prepare()
        return self.rows(run, sources, place, pending)

    def prepare(self) -> None:
        """Makes the loop."""
        written = Writer(self)
        self._made = written.made
        # The source is made of GraphQL names, quoted, and of identifiers that are ours or the schema's.
        exec(_code(written.source, self.type.name), written.names)  # noqa: S102
        self.rows = cast("Loop", written.names["loop"])

    def later(self, run: Run, rows: list[AnyRow], pending: Pending) -> None:
        """Sees to what the loop found to be awaitable."""
        run.awaited = False
        pending.append(self._filled(run, rows))

    async def _filled(self, run: Run, rows: list[AnyRow]) -> None:
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
