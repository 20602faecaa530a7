"""What can be asked of a client's documents. Hashable, so that equal questions share one call."""

from datetime import date

import msgspec

from connectors.documents.port import DocumentKind


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
