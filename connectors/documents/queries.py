"""What can be asked of a client's documents. Hashable, so that equal questions share one call."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar

import msgspec

from connectors.documents.port import DocumentKind
from connectors.erp.queries import Slice


class DocumentFilter(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Dates are inclusive; empty means: no condition."""

    kinds: tuple[DocumentKind, ...] = ()
    issued_from: date | None = None
    issued_to: date | None = None

    def takes(self, kind: DocumentKind, issued_on: date) -> bool:
        """Whether a document meets every condition; one without a day of issue counts as `date.min`."""
        return (
            (not self.kinds or kind in self.kinds)
            and (self.issued_from is None or issued_on >= self.issued_from)
            and (self.issued_to is None or issued_on <= self.issued_to)
        )


class Placed(Protocol):
    """What has a keyset position in a list."""

    @property
    def position(self) -> tuple[str, ...]:
        """Day of issue and id."""


P = TypeVar("P", bound=Placed)


def cut(found: Sequence[P], part: Slice) -> tuple[list[P], bool]:
    """The part of a whole list, newest first, that was asked for, and whether there is more behind it."""
    rest = [each for each in found if part.after is None or each.position < part.after]
    return rest[: part.first], len(rest) > part.first
