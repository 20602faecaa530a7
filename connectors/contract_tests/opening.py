"""The bytes of a document at once."""

from connectors.documents.content import ByteRange
from connectors.documents.port import DocumentPort


async def content(port: DocumentPort, key: str, part: ByteRange | None = None) -> bytes | None:
    """All that `open` gives; None where there is no such document."""
    async with port.open(key, part) as opened:
        return None if opened is None else b"".join([chunk async for chunk in opened.chunks])
