"""An invoice on paper, as the books lay it out."""

import msgspec


class InvoicePrint(msgspec.Struct, frozen=True):
    """A file, whole. `extension` is the ending of its name, without the dot: letters and digits only."""

    mime_type: str
    extension: str
    data: bytes
