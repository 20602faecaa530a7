"""Which columns of records the operation reads: others need not be decoded.

A context variable, since every task of one operation inherits it, the batch tasks of loaders included. What
is kept beyond the operation must be whole.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias

Columns: TypeAlias = Mapping[Any, frozenset[str]]
"""By class of record: attributes. A class that is not there is read whole."""

asked: ContextVar[Columns | None] = ContextVar("columns", default=None)
"""None: everything of everything."""


@contextmanager
def whole() -> Iterator[None]:
    """What is read in this block is whole."""
    token = asked.set(None)
    try:
        yield
    finally:
        asked.reset(token)
