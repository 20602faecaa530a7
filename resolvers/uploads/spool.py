"""A file on its way: on the disk, without a name, and gone with whoever holds it."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from connectors.errors import UpstreamUnavailable
from resolvers.uploads.kinds import Check

SYSTEM = "uploads"
_CHUNK = 256 * 1024


class Spool:
    """Takes the parts of a file, and gives them back. Its `size` is in bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        """Of all that was written, in hex."""
        return self._digest.hexdigest()

    async def write(self, part: bytes) -> None:
        """Adds a part. Raises UpstreamUnavailable where the disk takes no more."""
        self.size += len(part)
        try:
            await asyncio.to_thread(self._add, part)
        except OSError as error:
            raise UpstreamUnavailable(SYSTEM) from error

    async def check(self, check: Check) -> None:
        """Raises what the check raises, and UpstreamUnavailable as above."""
        try:
            await asyncio.to_thread(self._file.flush)
        except OSError as error:
            raise UpstreamUnavailable(SYSTEM) from error
        await asyncio.to_thread(self._checked, check)

    async def chunks(self) -> AsyncIterator[bytes]:
        """All that was written, from the beginning."""
        self._file.seek(0)
        while chunk := await asyncio.to_thread(self._file.read, _CHUNK):
            yield chunk

    def _add(self, part: bytes) -> None:
        self._file.write(part)
        self._digest.update(part)

    def _checked(self, check: Check) -> None:
        self._file.seek(0)
        check(self._file)


@asynccontextmanager
async def spooled(folder: Path) -> AsyncIterator[Spool]:
    """An empty file in the folder. The kernel deletes it with its last handle, also when we are killed.

    Raises UpstreamUnavailable where there can be none.
    """
    try:
        file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed below, where errors are others
    except OSError as error:
        raise UpstreamUnavailable(SYSTEM) from error
    with file:
        yield Spool(file)
