"""Uploads in a folder of documents: apart from the others until a request takes them.

An upload is `<client>/upload-<login>.<key>/ATTACHMENT--<file name>` below the root, and so is its id. Until
it is kept it stands at that path below `.uploads`, where no list looks, and it is deleted after a day by
whichever upload comes next.
"""

import asyncio
import contextlib
import errno
import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from connectors.documents.folder_names import PARTS, is_missing, is_plain
from connectors.documents.folder_threads import FolderThreads
from connectors.documents.folder_writing import Writing
from connectors.documents.naming import LIFE, is_upload_owner, upload_name, upload_owner
from connectors.documents.port import NewUpload

_WAITING = ".uploads"


class FolderUploads:
    """Where uploads are below a root, and since when. Every method but `put` is for a thread, and may
    raise an OSError."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._waiting = root / _WAITING

    def place(self, path: PurePosixPath) -> Path:
        """Where the file with this id is; any other document is at its id."""
        waiting = self._waiting / path
        return waiting if is_upload(path) and self._expiry(path) is not None else self._root / path

    def expires_at(self, path: PurePosixPath) -> datetime | None:
        """When an upload is deleted, None where it is kept."""
        return self._expiry(path) if is_upload(path) else None

    async def put(
        self, threads: FolderThreads, upload: NewUpload, chunks: AsyncIterator[bytes]
    ) -> PurePosixPath:
        """Writes it beside its place, and moves it there when it is whole; its id.

        Raises FolderUnavailable, and what `chunks` raises.
        """
        path = _id(upload)
        folder = await threads.run(
            partial(self._begin, path.parent), lost=partial(shutil.rmtree, ignore_errors=True)
        )
        writing = Writing(folder, path.name)
        try:
            async for chunk in chunks:
                await threads.run(partial(writing.write, chunk))
            await threads.run(writing.finish)
        except asyncio.CancelledError:
            threads.later(writing.give_up)
            raise
        except BaseException:
            await threads.run(writing.give_up)
            raise
        return path

    def keep(self, client_number: str, path: PurePosixPath) -> None:
        """Moves an upload of the client to where it stays; nothing to do where it is there, or is gone."""
        if not is_upload(path) or path.parts[0] != client_number or self._expiry(path) is None:
            return
        (self._root / client_number).mkdir(exist_ok=True)
        with contextlib.suppress(FileNotFoundError):  # somebody else has just done it
            (self._waiting / path.parent).rename(self._root / path.parent)

    def _begin(self, owner: PurePosixPath) -> Path:
        """A new folder for one upload, once those that have waited too long are gone."""
        now = datetime.now(UTC)
        for old in self._waiting.glob("*/*"):
            with contextlib.suppress(FileNotFoundError):
                if _made_at(old) + LIFE < now:
                    shutil.rmtree(old, ignore_errors=True)
        folder = self._waiting / owner
        if (self._root / owner).exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(owner))
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
        return folder

    def _expiry(self, path: PurePosixPath) -> datetime | None:
        """None for what doesn't wait, and so for what has waited too long."""
        try:
            expiry = _made_at(self._waiting / path.parent) + LIFE
        except OSError as error:
            if is_missing(error):
                return None
            raise
        return expiry if expiry > datetime.now(UTC) else None


def is_upload(path: PurePosixPath) -> bool:
    """Whether the id is that of an upload."""
    return is_plain(path, PARTS) and is_upload_owner(path.parts[1])


def _id(upload: NewUpload) -> PurePosixPath:
    return PurePosixPath(quote(upload.client_number, safe=""), upload_owner(upload), upload_name(upload))


def _made_at(folder: Path) -> datetime:
    return datetime.fromtimestamp(folder.stat().st_mtime, UTC)
