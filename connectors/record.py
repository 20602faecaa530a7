"""The base of every record that comes from a back-office system."""

from datetime import datetime
from enum import Enum
from typing import Annotated, ClassVar, Self, TypeAlias

import msgspec

Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
"""A point in time: without an offset it would be read in this machine's time zone."""


class Record(msgspec.Struct, frozen=True, rename="camel", kw_only=True, gc=False):
    """A frozen typed structure, decoded straight from bytes. It holds no cycles: no garbage to look for.

    `as_of` is the moment (UTC) at which its system says that it holds. `always` are the columns that are
    decoded whatever an operation reads: whose it is, what it is asked for and listed by, its identity. None
    where records are always whole. `shown` are amounts that nobody reckons with where records are read in
    part: there they are texts, worded as Decimals are.
    """

    always: ClassVar[frozenset[str] | None] = None
    shown: ClassVar[frozenset[str]] = frozenset()

    as_of: Moment


class Code(Enum):
    """A closed set of codes. One that a system invents tomorrow reads as UNKNOWN and never crashes."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls.__members__.get("UNKNOWN") if isinstance(value, str) else None
