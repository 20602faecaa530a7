"""What every document port keeps, by each implementation; and what only a folder can suffer."""

import hashlib
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.documents import folder as folder_module
from connectors.documents.folder import FolderDocuments
from connectors.documents.port import DocumentKind, DocumentOwner, DocumentRecord
from connectors.documents.rest import RestDocuments
from connectors.errors import MalformedRecord, UpstreamUnavailable
from connectors.http import UpstreamClient
from tests.connectors.canned import answering
from tests.connectors.document_stores import CLIENT, Store, in_folder

STRANGE = (
    "",
    ".",
    "..",
    "/",
    "/etc/passwd",
    "../../../../etc/passwd",
    "0010001/../../etc",
    "0010001/../0010001",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "0010001/invoice-1/\0",
    "\0",
    "0010001\\invoice-1\\x",
    "a" * 5000,
    "a/b/" + "c" * 5000,
    "Zażółć/gęślą/jaźń",
    "999999999999999999999",
)


async def test_lists_are_aligned_to_owners(store: Store) -> None:
    owners = [store.empty, store.full, store.other, store.full, store.empty]
    pages = await store.port.documents_by_owner(owners)
    assert [len(page.items) > 0 for page in pages] == [False, True, True, True, False]
    assert {document.owner for document in read(pages[1].items)} == {str(store.full)}
    assert {document.owner for document in read(pages[2].items)} == {str(store.other)}
    assert ids(read(pages[1].items)) == ids(read(pages[3].items))
    assert not any(page.has_next for page in pages), "a list of documents is whole"
    assert {document.client_number for page in pages for document in read(page.items)} == {CLIENT}


async def test_nothing_asked_nothing_answered(store: Store) -> None:
    assert await store.port.documents_by_owner([]) == []
    assert await store.port.documents_by_id([]) == []


async def test_newest_first(store: Store) -> None:
    (page,) = await store.port.documents_by_owner([store.full])
    days = [document.issued_on for document in read(page.items)]
    assert len(days) > 1
    assert days == sorted(days, key=lambda day: day or date.min, reverse=True)


async def test_records_are_aligned_to_ids(store: Store) -> None:
    pages = await store.port.documents_by_owner([store.full, store.other])
    first, second, *_ = ids(read(pages[0].items))
    (third, *_) = ids(read(pages[1].items))
    keys = [third, "nothing", first, second, first]
    found = await store.port.documents_by_id(keys)
    assert [document and read([document])[0].id for document in found] == [third, None, first, second, first]


async def test_a_document_says_what_its_content_is(store: Store) -> None:
    for page in await store.port.documents_by_owner([store.full, store.other]):
        for document in read(page.items):
            content = store.content(document.id)
            assert document.sha256 == hashlib.sha256(content).hexdigest()
            assert document.size == len(content)
            assert document.kind not in (DocumentKind.UNKNOWN, DocumentKind.OTHER)
            assert document.mime_type in ("application/pdf", "application/xml", "text/xml")
            assert document.title
            assert document.as_of.utcoffset() is not None


async def test_no_id_leads_out_of_the_store(store: Store) -> None:
    assert await store.port.documents_by_id(STRANGE) == [None] * len(STRANGE)


async def test_no_owner_leads_out_of_the_store(store: Store) -> None:
    strange = [DocumentOwner("invoice", key, CLIENT) for key in STRANGE]
    strange += [DocumentOwner(key, "11", CLIENT) for key in STRANGE]
    if not isinstance(store.port, RestDocuments):  # that contract asks by the ERP's id alone
        strange += [DocumentOwner("invoice", "11", key) for key in STRANGE]
    pages = await store.port.documents_by_owner(strange)
    assert [list(page.items) for page in pages] == [[]] * len(strange)


async def test_health(store: Store) -> None:
    await store.port.health()
    with pytest.raises(UpstreamUnavailable):
        await store.down.health()


async def test_a_store_that_is_down_is_not_an_empty_one(store: Store) -> None:
    with pytest.raises(UpstreamUnavailable):
        await store.down.documents_by_owner([store.full])
    (page,) = await store.port.documents_by_owner([store.full])
    with pytest.raises(UpstreamUnavailable):
        await store.down.documents_by_id(ids(read(page.items)))


async def test_an_unknown_kind_over_rest() -> None:
    body = b"""{"results": [{"id": "Q1", "owner": "invoice:1", "clientNumber": "0010001", "kind": "HOLOGRAM",
        "title": "t", "fileName": "f", "mimeType": "m", "size": 1, "sha256": "", "issuedOn": null,
        "asOf": "2026-11-22T10:00:00Z", "colour": "blue"}]}"""
    async with answering(body) as url:
        http = UpstreamClient("documents", url)
        (found,) = await RestDocuments(http).documents_by_id(["Q1"])
        await http.close()
    assert isinstance(found, DocumentRecord)
    assert found.kind is DocumentKind.UNKNOWN


# What follows is a folder's own.


@pytest.fixture
def root(tmp_path: Path) -> Path:
    in_folder(tmp_path)
    return tmp_path


def put(root: Path, name: str | bytes, content: bytes = b"x") -> Path:
    folder = root / CLIENT / "invoice-7"
    folder.mkdir(parents=True, exist_ok=True)
    file = Path(os.fsdecode(os.path.join(os.fsencode(folder), os.fsencode(name))))  # noqa: PTH118 - bytes
    file.write_bytes(content)
    return file


async def listed(root: Path, owner: str = "7") -> list[DocumentRecord | MalformedRecord]:
    port = FolderDocuments("documents", root)
    (page,) = await port.documents_by_owner([DocumentOwner("invoice", owner, CLIENT)])
    return list(page.items)


@pytest.mark.parametrize(
    ("name", "kind", "title", "file_name"),
    [
        ("INVOICE_PDF--Faktura żółw.pdf", DocumentKind.INVOICE_PDF, "Faktura żółw", "Faktura żółw.pdf"),
        ("POLICY_PDF--AC--2026 nr 5.pdf", DocumentKind.POLICY_PDF, "AC--2026 nr 5", "AC--2026 nr 5.pdf"),
        ("HOLOGRAM--a.pdf", DocumentKind.UNKNOWN, "a", "a.pdf"),
        ("bez rodzaju.pdf", DocumentKind.OTHER, "bez rodzaju", "bez rodzaju.pdf"),
        ("--a.pdf", DocumentKind.OTHER, "a", "a.pdf"),
        ("OTHER--.htaccess", DocumentKind.OTHER, ".htaccess", ".htaccess"),
        ("no extension", DocumentKind.OTHER, "no extension", "no extension"),
    ],
)
async def test_names(root: Path, name: str, kind: DocumentKind, title: str, file_name: str) -> None:
    put(root, name)
    (document,) = read(await listed(root))
    assert (document.kind, document.title, document.file_name) == (kind, title, file_name)
    found = await FolderDocuments("documents", root).documents_by_id([document.id])
    assert read(found)[0].id == document.id == f"{CLIENT}/invoice-7/{name}"


async def test_a_name_that_is_not_utf_8_is_its_own_error(root: Path) -> None:
    try:
        put(root, b"INVOICE_PDF--\xb3\xf3d\xbc.pdf")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    put(root, "INVOICE_PDF--a.pdf")
    broken, whole = await listed(root)
    assert isinstance(broken, MalformedRecord)
    str(broken).encode()
    assert isinstance(whole, DocumentRecord)


async def test_one_document_has_one_id(root: Path) -> None:
    (document, *_) = read(await listed(root, "11"))
    assert document.id.startswith(f"{CLIENT}/invoice-11/")
    others = [document.id.replace("/", "//"), f"./{document.id}", document.id.replace("/", "/./", 1)]
    assert await FolderDocuments("documents", root).documents_by_id(others) == [None] * 3


async def test_sub_folders_are_no_documents(root: Path) -> None:
    put(root, "INVOICE_PDF--a.pdf")
    below = root / CLIENT / "invoice-7" / "archive"
    below.mkdir()
    (below / "INVOICE_PDF--b.pdf").write_bytes(b"b")
    assert [document.file_name for document in read(await listed(root))] == ["a.pdf"]
    port = FolderDocuments("documents", root)
    keys = [f"{CLIENT}/invoice-7/archive", f"{CLIENT}/invoice-7/archive/INVOICE_PDF--b.pdf", CLIENT]
    assert await port.documents_by_id(keys) == [None] * 3
    assert await listed(root, "7/archive") == []


async def test_an_owner_that_is_a_file_has_no_documents(root: Path) -> None:
    (root / CLIENT / "invoice-9").write_bytes(b"")
    assert await listed(root, "9") == []


@pytest.mark.parametrize("gone", ["file", "content"])
async def test_a_file_that_vanishes_meanwhile(root: Path, gone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listed, then removed: before it is looked at, or before it is read."""
    vanishing, staying = put(root, "INVOICE_PDF--a.pdf"), put(root, "INVOICE_PDF--b.pdf")
    if gone == "file":
        real = Path.iterdir

        def iterdir(self: Path) -> list[Path]:
            names = list(real(self))
            vanishing.unlink(missing_ok=True)
            return names

        monkeypatch.setattr(Path, "iterdir", iterdir)
    else:
        hashed = folder_module._sha256

        def sha256(path: Path, size: int, changed_ns: int) -> str:
            vanishing.unlink(missing_ok=True)
            return hashed(path, size, changed_ns)

        monkeypatch.setattr(folder_module, "_sha256", sha256)
    assert [document.file_name for document in read(await listed(root))] == ["b.pdf"]
    assert staying.exists()


async def test_a_link_to_nowhere_is_no_document(root: Path) -> None:
    put(root, "INVOICE_PDF--a.pdf").with_name("INVOICE_PDF--b.pdf").symlink_to("nowhere")
    assert [document.file_name for document in read(await listed(root))] == ["a.pdf"]


async def test_an_unreadable_file_is_its_own_error(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked, _ = put(root, "INVOICE_PDF--a.pdf"), put(root, "INVOICE_PDF--b.pdf")
    real = Path.open

    def opened(self: Path, *arguments: Any) -> object:  # as root, permissions lock nobody out
        if self == locked:
            raise PermissionError(13, "Permission denied")
        return real(self, *arguments)

    monkeypatch.setattr(Path, "open", opened)
    broken, whole = await listed(root)
    assert isinstance(broken, MalformedRecord)
    assert broken.record == f"document {CLIENT}/invoice-7/INVOICE_PDF--a.pdf"
    assert str(root) not in str(broken)
    assert isinstance(whole, DocumentRecord)


async def test_an_unreadable_folder_costs_its_own_documents(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root, "INVOICE_PDF--a.pdf")
    real = Path.iterdir

    def iterdir(self: Path) -> object:
        if self.name == "invoice-7":
            raise PermissionError(13, "Permission denied")
        return real(self)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    (broken,) = await listed(root)
    assert isinstance(broken, MalformedRecord)
    assert len(read(await listed(root, "11"))) == 3


async def test_a_changed_file_has_a_new_hash(root: Path) -> None:
    file = put(root, "INVOICE_PDF--a.pdf", b"one")
    (before,) = read(await listed(root))
    file.write_bytes(b"two")
    os.utime(file, (1, 1))
    (after,) = read(await listed(root))
    assert (before.sha256, after.sha256) == tuple(hashlib.sha256(x).hexdigest() for x in (b"one", b"two"))


async def test_the_day_of_issue_is_poland_s(root: Path) -> None:
    file = put(root, "INVOICE_PDF--a.pdf")
    moment = datetime(2026, 6, 30, 22, 30, tzinfo=UTC).timestamp()
    os.utime(file, (moment, moment))
    assert read(await listed(root))[0].issued_on == date(2026, 7, 1)


def read(items: object) -> list[DocumentRecord]:
    """Documents, none of them broken or missing."""
    assert isinstance(items, list | tuple)
    assert all(isinstance(item, DocumentRecord) for item in items), items
    return list(items)


def ids(documents: list[DocumentRecord]) -> list[str]:
    return [document.id for document in documents]
