"""A folder on a share that hangs costs its own calls their timeout, and nobody else anything."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.documents.folder import FolderDocuments
from connectors.documents.port import DocumentOwner
from connectors.errors import UpstreamTimeout
from tests.connectors.document_stores import CLIENT, in_folder
from tests.connectors.test_document_uploads import described, parts

ID = f"{CLIENT}/contract-5/CONTRACT_PDF--Umowa leasingu.pdf"


class Share:
    """What is done there hangs while the block runs; it is done then."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        """Of the threads that hung."""
        self._open = threading.Event()
        self._open.set()

    def __enter__(self) -> None:
        self._open.clear()

    def __exit__(self, *_: object) -> None:
        self._open.set()

    def hanging(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def act(*given: Any) -> Any:
            if not self._open.is_set():
                self.names.add(threading.current_thread().name.partition("_")[0])
                self._open.wait()
            return real(*given)

        return act


@pytest.fixture
def share() -> Iterator[Share]:
    each = Share()
    yield each
    each.__exit__()


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[FolderDocuments]:
    in_folder(tmp_path)
    opened = FolderDocuments("documents", tmp_path, timeout=1)
    yield opened
    opened.close()


async def read(port: FolderDocuments) -> bytes:
    async with port.open(ID) as content:
        assert content is not None
        return b"".join([chunk async for chunk in content.chunks])


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)


async def test_every_call_is_over_in_its_time(
    port: FolderDocuments, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "is_dir", share.hanging(Path.is_dir))
    calls: list[Callable[[], Awaitable[Any]]] = [
        lambda: port.documents_by_owner([DocumentOwner("contract", "5", CLIENT)]),
        lambda: port.documents_by_id([ID]),
        lambda: port.put(described(), parts()),
        lambda: port.keep(CLIENT, [ID]),
        lambda: read(port),
        port.health,
    ]
    with share:
        found = await asyncio.gather(*(call() for call in calls), return_exceptions=True)
        assert [type(each) for each in found] == [UpstreamTimeout] * len(calls)
    assert share.names == {"folder"}, "the others' threads are free"
    for call in calls:
        await call()


async def test_a_file_is_closed_when_it_has_been_read(
    port: FolderDocuments, share: Share, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not before: its number would be another file's."""
    monkeypatch.setattr(os, "pread", share.hanging(os.pread))

    def is_open() -> bool:
        links = [f"/proc/self/fd/{each}" for each in os.listdir("/proc/self/fd")]  # noqa: PTH208
        return any(os.path.realpath(link) == str(tmp_path / ID) for link in links)

    with share:
        with pytest.raises(UpstreamTimeout):
            await read(port)
        assert is_open()
    await until(lambda: not is_open())
    assert await read(port)
    assert not is_open()


async def test_an_upload_that_hung_leaves_nothing(
    port: FolderDocuments, share: Share, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", share.hanging(os.fsync))
    given = described()

    def left() -> list[Path]:
        return [path for path in tmp_path.rglob("*") if given.key in str(path)]

    with share:
        with pytest.raises(UpstreamTimeout):
            await port.put(given, parts())
        assert left()
    await until(lambda: not left())
    record = await port.put(given, parts())
    assert record.size == given.size
