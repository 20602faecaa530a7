"""The bytes of a file in a folder of documents, read in a thread, part by part."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from stat import S_ISREG

from connectors.documents.content import ByteRange, DocumentContent
from connectors.documents.folder_names import is_missing
from connectors.errors import UpstreamUnavailable

CHUNK = 256 * 1024
"""Bytes read at once: large enough that threads cost little, small beside the memory of a process."""


@asynccontextmanager
async def open_file(system: str, path: Path, part: ByteRange | None) -> AsyncIterator[DocumentContent | None]:
    """See `DocumentPort.open`."""
    try:
        # Not blocking: a pipe of that name would wait for a writer.
        file = await asyncio.to_thread(os.open, path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if not is_missing(error):
            raise UpstreamUnavailable(system) from error
        yield None
        return
    try:
        stat = os.fstat(file)
        if not S_ISREG(stat.st_mode):
            yield None
            return
        span = part or ByteRange(0, stat.st_size)
        yield DocumentContent(stat.st_size, part, _chunks(system, file, span))
    finally:
        os.close(file)


async def _chunks(system: str, file: int, span: ByteRange) -> AsyncIterator[bytes]:
    """A file that became shorter meanwhile breaks off; one that became longer ends where it was to end."""
    place = span.start
    while place < span.stop:
        try:
            # Shielded: a cancelled reader must not leave a thread reading from a number that is reused.
            reading = asyncio.ensure_future(
                asyncio.to_thread(os.pread, file, min(CHUNK, span.stop - place), place)
            )
            chunk = await asyncio.shield(reading)
        except OSError as error:
            raise UpstreamUnavailable(system) from error
        except asyncio.CancelledError:
            await asyncio.wait([reading])
            raise
        if not chunk:
            raise UpstreamUnavailable(system)
        place += len(chunk)
        yield chunk
