"""A file that is being written into a folder of documents, step by step, in threads."""

import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO


class Writing:
    """One in a folder of its own, under another name until it is whole. Every step may raise an OSError.

    Steps wait for each other, and do nothing once it is given up: who gives up can't wait for the step that
    hangs.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._partial = folder / ".partial"
        self._whole = folder / name
        self._file: BinaryIO | None = None
        self._given_up = False
        self._lock = threading.Lock()

    def write(self, data: bytes) -> None:
        """So much more."""
        with self._lock:
            if not self._given_up:
                self._opened().write(data)

    def finish(self) -> None:
        """All of it is on disk, and has its name."""
        with self._lock:
            if not self._given_up:
                file = self._opened()
                file.flush()
                os.fsync(file.fileno())
                file.close()
                self._partial.rename(self._whole)

    def give_up(self) -> None:
        """Nothing of it stays."""
        with self._lock:
            self._given_up = True
            if self._file is not None:
                with suppress(OSError):  # what it still holds finds no room, say
                    self._file.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _opened(self) -> BinaryIO:
        if self._file is None:
            self._file = self._partial.open("xb")
        return self._file
