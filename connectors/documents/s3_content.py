"""The bytes of an object on their way, against the digest in its key."""

import hashlib
from collections.abc import AsyncIterator

from connectors.errors import MalformedRecord


async def verified(system: str, key: str, sha256: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """All bytes of a document, the last of them only when the whole is what it should be.

    Raises MalformedRecord instead: who gets them is left with a part that can't be taken for the whole.
    """
    digest = hashlib.sha256()
    held = b""
    async for chunk in chunks:
        digest.update(chunk)
        if held:
            yield held
        held = chunk
    if digest.hexdigest() != sha256:
        raise MalformedRecord(system, f"document {key}", "its bytes are not those that its SHA-256 names")
    if held:
        yield held
