"""What is a bucket's own: keys, digests, conditional writes, uploads that wait, and few calls."""

import asyncio
import hashlib
import secrets
import signal
from collections.abc import AsyncIterator, Hashable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from connectors.documents import s3_uploads
from connectors.documents.content import ByteRange
from connectors.documents.port import DocumentKind, DocumentOwner, DocumentPort, DocumentRecord
from connectors.documents.queries import DocumentFilter
from connectors.documents.s3 import S3Documents
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord, UpstreamRejected, UpstreamUnavailable
from connectors.http import UpstreamClient
from tests.connectors.test_document_content import read
from tests.connectors.test_document_uploads import CLIENT, DATA, described, parts
from tests.harness.s3 import S3Folder, S3Server

ALL = DocumentFilter()
INVOICE = DocumentOwner("invoice", "11", CLIENT)


@pytest.fixture
async def http(s3_server: S3Server) -> AsyncIterator[UpstreamClient]:
    client = s3_server.client(timeout=30)
    yield client
    await client.close()


@pytest.fixture
def folder(s3_server: S3Server) -> S3Folder:
    return S3Folder(s3_server)


@pytest.fixture
def port(folder: S3Folder, http: UpstreamClient) -> S3Documents:
    return S3Documents(folder.at(http))


async def records(port: DocumentPort, owner: DocumentOwner = INVOICE) -> list[DocumentRecord]:
    (page,) = await port.documents_by_owner([owner])
    assert all(isinstance(each, DocumentRecord) for each in page.items), page.items
    return [each for each in page.items if isinstance(each, DocumentRecord)]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"access_key_id": "another"}, "InvalidAccessKeyId"),
        ({"secret_access_key": "another"}, "SignatureDoesNotMatch"),
    ],
)
async def test_a_wrong_key_is_refused(
    changed: dict[str, str], reason: str, folder: S3Folder, http: UpstreamClient
) -> None:
    key = folder.fill(CLIENT, "invoice-11", "2026-11-01", "INVOICE_PDF--a.pdf", b"a")
    port = S3Documents(folder.at(http, **changed))
    for asked in (
        port.health(),
        port.documents_by_owner([INVOICE]),
        port.documents_by_id([key]),
        port.document_counts_by_client([CLIENT], ALL),
        port.put(described(), parts()),
        read(port, key),
    ):
        with pytest.raises(UpstreamRejected) as caught:
            await asked
        assert (caught.value.status, caught.value.reason) == (403, reason)
        assert reason in str(caught.value.__cause__)


async def test_a_missing_bucket_is_named(folder: S3Folder, http: UpstreamClient) -> None:
    port = S3Documents(folder.at(http, bucket="nowhere"))
    for asked in (port.health(), port.documents_by_owner([INVOICE])):
        with pytest.raises(UpstreamRejected) as caught:
            await asked
        assert (caught.value.status, caught.value.reason) == (404, "NoSuchBucket")
        assert str(caught.value.__cause__) == "NoSuchBucket from the bucket 'nowhere'"
        assert "nowhere" not in str(caught.value), "callers aren't told"


async def test_of_several_at_once_one_is_stored(port: S3Documents) -> None:
    key = described().key
    uploads = [described(bytes([number]) * 200_000, key=key) for number in range(3)]
    told = await asyncio.gather(
        *(port.put(each, parts(bytes([number]) * 200_000)) for number, each in enumerate(uploads)),
        return_exceptions=True,
    )
    (stored,) = [each for each in told if isinstance(each, DocumentRecord)]
    assert [each.status for each in told if isinstance(each, UpstreamRejected)] == [412, 412]
    content = await read(port, stored.id)
    assert content is not None
    assert hashlib.sha256(content).hexdigest() == stored.sha256


async def test_an_upload_of_other_bytes_than_told_is_not_stored(port: S3Documents) -> None:
    given = described()
    with pytest.raises(UpstreamRejected) as caught:
        await port.put(given, parts(DATA[:-1] + b"x"))
    assert (caught.value.status, caught.value.reason) == (400, "BadDigest")
    assert (await port.put(given, parts())).size == len(DATA), "the key is free"


async def test_a_document_that_is_not_what_its_key_says_is_never_whole(
    folder: S3Folder, port: S3Documents
) -> None:
    key = folder.fill(CLIENT, "invoice-11", "2026-11-01", "INVOICE_PDF--a.pdf", DATA)
    for damaged in (DATA[:-1], DATA[:-1] + b"x", b"x" + DATA[1:], b""):
        folder.put(f"documents/{key}", damaged)
        got: list[bytes] = []
        with pytest.raises(MalformedRecord) as caught:
            await taken(port, key, got)
        assert sum(map(len, got)) < max(len(damaged), 1)
        assert caught.value.record == f"document {key}"
    folder.put(f"documents/{key}", DATA)
    assert await read(port, key) == DATA


async def taken(port: DocumentPort, key: str, got: list[bytes]) -> None:
    """What somebody has in hands when the reading breaks off."""
    async with port.open(key) as content:
        assert content is not None
        async for chunk in content.chunks:
            got.append(chunk)  # noqa: PERF401 - a comprehension would lose what came before the error


async def test_keys_say_everything(folder: S3Folder, port: S3Documents) -> None:
    """Names as people write them; an owner's id with a slash, percent-encoded."""
    for name in ("UPO--żółć + 100% (1)='~!*;,:@&$?#.pdf", "bez rodzaju.pdf", "HOLOGRAM--a.b.pdf"):
        owner = DocumentOwner("invoice", f"FV/{secrets.token_hex(3)}/2026", CLIENT)
        encoded = owner.id.replace("/", "%2F")
        key = folder.fill(CLIENT, f"invoice-{encoded}", "2026-06-30", name, DATA)
        (found,) = await records(port, owner)
        assert (found.id, found.owner, found.client_number) == (key, str(owner), CLIENT)
        assert (found.sha256, found.size) == (hashlib.sha256(DATA).hexdigest(), len(DATA))
        assert found.file_name == name.rpartition("--")[2]
        assert str(found.issued_on) == "2026-06-30"
        (again,) = await port.documents_by_id([key])
        assert isinstance(again, DocumentRecord)
        assert msgspec.structs.replace(again, as_of=found.as_of) == found
        assert await read(port, key, ByteRange(5, 9)) == DATA[5:9]


async def test_what_is_no_document_is_seen(folder: S3Folder, port: S3Documents) -> None:
    key = folder.fill(CLIENT, "invoice-11", "2026-11-01", "INVOICE_PDF--a.pdf", b"a")
    folder.put(f"documents/{CLIENT}/invoice-11/FV-11.pdf", b"put here by hand")
    folder.put(f"documents/{CLIENT}/invoice-11/2026-02-30.{'0' * 64}.UPO--a.xml", b"no such day")
    folder.put(f"documents/{CLIENT}/invoice-11/", b"")
    (page,) = await port.documents_by_owner([INVOICE])
    (listed,) = await port.documents_by_client([CLIENT], ALL, Slice(10))
    for items in (page.items, listed.items):
        assert [isinstance(each, MalformedRecord) for each in items] == [True, True, False]
        assert {each.client_number for each in items} == {CLIENT}
    assert await port.document_counts_by_client([CLIENT], ALL) == [3]
    assert await port.documents_by_id([f"{CLIENT}/invoice-11/FV-11.pdf"]) == [None]
    assert await read(port, key) == b"a"


async def test_an_upload_has_one_id(port: S3Documents) -> None:
    """What waits is found by the id that it was given, and by none that says something else of it."""
    record = await port.put(described(), parts())
    client, owner, name = record.id.split("/")
    day, digest, rest = name.split(".", 2)
    others = [
        f"{client}/{owner}/{day}.{digest}.ATTACHMENT--another.pdf",
        f"{client}/{owner}/{day}.{'0' * 64}.{rest}",
        f"{client}/{owner}/2020-01-01.{digest}.{rest}",
        f"0010003/{owner}/{name}",
        f"%30010014/{owner}/{name}",
    ]
    assert await port.documents_by_id(others) == [None] * 5
    assert await port.keep(CLIENT, others) == [None] * 5
    assert [await read(port, each) for each in others] == [None] * 5
    assert await read(port, record.id) == DATA


async def test_uploads_expire(port: S3Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    left, kept = [await port.put(described(), parts()) for _ in range(2)]
    assert left.expires_at is not None
    assert timedelta(hours=23) < left.expires_at - left.as_of <= timedelta(days=1)
    await port.keep(CLIENT, [kept.id])
    monkeypatch.setattr(s3_uploads, "LIFE", timedelta(seconds=-60))
    found = await port.documents_by_id([left.id, kept.id])
    assert [each is None for each in found] == [True, False]
    assert await port.keep(CLIENT, [left.id]) == [None]
    assert [await read(port, each.id) for each in (left, kept)] == [None, DATA]


async def test_what_is_kept_stays_when_the_lifecycle_rule_comes(folder: S3Folder, port: S3Documents) -> None:
    """And a keeping that was broken off before or after the store had copied is done again."""
    record = await port.put(described(), parts())
    for _ in range(2):
        (kept,) = await port.keep(CLIENT, [record.id])
        assert isinstance(kept, DocumentRecord)
        assert kept.expires_at is None
    folder.delete(f"uploads/{record.id.rpartition('/')[0]}")
    (kept,) = await port.keep(CLIENT, [record.id])
    assert isinstance(kept, DocumentRecord)
    assert await read(port, record.id) == DATA


async def test_a_long_name(port: S3Documents) -> None:
    record = await port.put(described(file_name="ł" * 150 + ".pdf"), parts())
    assert record.file_name == "ł" * 78 + ".pdf"
    assert len(record.id.rpartition("/")[2].encode()) < 255
    assert await read(port, record.id) == DATA


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[S3Server]:
    """One that may be killed."""
    server = S3Server(tmp_path)
    yield server
    server.close()


async def test_a_store_that_is_killed_while_it_gives(own_server: S3Server) -> None:
    folder, http = S3Folder(own_server), own_server.client(timeout=30)
    port = S3Documents(folder.at(http))
    data = secrets.token_bytes(1 << 25)
    key = folder.fill(CLIENT, "invoice-11", "2026-11-01", "INVOICE_PDF--a.pdf", data)
    async with port.open(key) as content:
        assert content is not None
        assert await anext(content.chunks)
        own_server.process.stop(signal.SIGKILL)
        with pytest.raises(UpstreamUnavailable):
            async for _ in content.chunks:
                pass
    for asked in (port.health(), read(port, key), port.put(described(), parts())):
        with pytest.raises(UpstreamUnavailable):
            await asked
    own_server.restart()
    assert await read(port, key) == data
    assert [each.id for each in await records(port)] == [key]
    await http.close()


MANY = 1100
"""More than a call lists."""


async def test_a_client_with_many_documents(
    folder: S3Folder, http: UpstreamClient, port: S3Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket, turns, digest = folder.at(http), asyncio.Semaphore(16), hashlib.sha256(b"x").hexdigest()

    async def store(number: int) -> None:
        day = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}"
        key = (
            f"documents/{CLIENT}/invoice-{number // 2}/{day}.{digest}.{('INVOICE_PDF', 'UPO')[number % 2]}--a"
        )
        async with turns:
            await bucket.create(key, digest, {"Content-Length": "1"}, parts(b"x"))

    await asyncio.gather(*(store(number) for number in range(MANY)))
    calls, get = 0, http.get

    async def counted(path: str, headers: dict[str, str] | None = None, *, same: Hashable = None) -> bytes:
        nonlocal calls
        calls += 1
        return await get(path, headers, same=same)

    monkeypatch.setattr(http, "get", counted)
    where = DocumentFilter(kinds=(DocumentKind.UPO,))
    assert await port.document_counts_by_client([CLIENT, CLIENT], where) == [MANY // 2] * 2
    assert calls == 2, "a call for each 1000 keys"
    seen: list[str] = []
    after: tuple[str, ...] | None = None
    while after is not None or not seen:
        (page,) = await port.documents_by_client([CLIENT], ALL, Slice(400, after))
        seen += [each.id for each in page.items if isinstance(each, DocumentRecord)]
        after = page.next if page.has_next else None
    assert len(set(seen)) == len(seen) == MANY
    days = [each.split("/")[2][:10] for each in seen]
    assert days == sorted(days, reverse=True)
    calls = 0
    pages = await port.documents_by_owner(
        [DocumentOwner("invoice", str(each), CLIENT) for each in range(100)]
    )
    assert {len(page.items) for page in pages} == {2}
    assert calls == 2, "the client's list, where that is less than a call for each owner"
    calls = 0
    assert len(await records(port, DocumentOwner("invoice", "7", CLIENT))) == 2
    assert None not in await port.documents_by_id(seen[:3])
    assert calls == 4
