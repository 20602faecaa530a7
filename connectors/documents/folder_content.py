"""The bytes of a file in a folder of documents, read in a thread, part by part."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from stat import S_ISREG

from connectors.documents.content import ByteRange
from connectors.documents.folder_names import is_missing
from connectors.documents.folder_threads import FolderThreads, FolderUnavailable
from connectors.errors import UpstreamTimeout

CHUNK = 256 * 1024
"""Bytes read at once: large enough that threads cost little, small beside the memory of a process."""


class OpenFile:
    """A file of `size` bytes. It is closed once nobody reads it, so that its number is no other file's."""

    def __init__(self, file: int, size: int) -> None:
        self.size = size
        self._file = file
        self._lock = threading.Lock()
        self._reading = self._closed = False

    @classmethod
    def of(cls, path: Path) -> "OpenFile | None":
        """In a thread; None for what is no file. Raises OSError."""
        try:
            # Not blocking: a pipe of that name would wait for a writer.
            file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            if is_missing(error):
                return None
            raise
        stat = os.fstat(file)
        if S_ISREG(stat.st_mode):
            return cls(file, stat.st_size)
        os.close(file)
        return None

    async def chunks(
        self, system: str, threads: FolderThreads, span: ByteRange, seconds: float
    ) -> AsyncIterator[bytes]:
        """One that became shorter meanwhile breaks off; one that became longer ends where it was to end.

        Each chunk has so many `seconds`.
        """
        place = span.start
        while place < span.stop:
            try:
                async with asyncio.timeout(seconds):
                    chunk = await threads.run(partial(self._part, min(CHUNK, span.stop - place), place))
            except TimeoutError as error:
                raise UpstreamTimeout(system) from error
            if not chunk:
                raise FolderUnavailable(system)
            place += len(chunk)
            yield chunk

    def close(self) -> None:
        """Now, or when the thread that reads it has done so."""
        with self._lock:
            self._closed = True
            if not self._reading:
                os.close(self._file)

    def _part(self, length: int, place: int) -> bytes:
        with self._lock:
            if self._closed:
                return b""
            self._reading = True
        try:
            return os.pread(self._file, length, place)
        finally:
            with self._lock:
                self._reading = False
                if self._closed:
                    os.close(self._file)
