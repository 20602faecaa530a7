"""What only a folder of documents can suffer; and a kind of document that is new to us."""

import hashlib
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.contract_tests.keys import STRANGE
from connectors.documents import folder as folder_module
from connectors.documents.folder import FolderDocuments
from connectors.documents.port import DocumentKind, DocumentOwner, DocumentRecord
from connectors.documents.queries import DocumentFilter
from connectors.documents.rest import RestDocuments
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord
from connectors.http import UpstreamClient
from tests.connectors.canned import answering
from tests.connectors.document_stores import CLIENT, in_folder


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


async def test_no_client_number_leads_out_of_the_folder(root: Path) -> None:
    owners = [DocumentOwner("invoice", "11", key) for key in STRANGE]
    pages = await FolderDocuments("documents", root).documents_by_owner(owners)
    assert [list(page.items) for page in pages] == [[]] * len(owners)


async def test_names_that_are_not_utf_8_neither_repeat_nor_block(tmp_path: Path) -> None:
    """They stand on top, each as its own error, and paging passes over them."""
    for name in (b"INVOICE_PDF--\xb3.pdf", b"INVOICE_PDF--\xb4.pdf", b"INVOICE_PDF--a.pdf", b"UPO--b.xml"):
        try:
            put(tmp_path, name)
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")
    old = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    os.utime(tmp_path / CLIENT / "invoice-7" / "UPO--b.xml", (old, old))
    port = FolderDocuments("documents", tmp_path)
    after: tuple[str, ...] | None = None
    seen: list[DocumentRecord | MalformedRecord] = []
    for _ in range(4):
        (page,) = await port.documents_by_client([CLIENT], DocumentFilter(), Slice(1, after))
        after, seen = page.next, [*seen, *page.items]
    assert [isinstance(each, MalformedRecord) for each in seen] == [True, True, False, False]
    assert not page.has_next
    assert [each.file_name for each in seen if isinstance(each, DocumentRecord)] == ["a.pdf", "b.xml"]


def read(items: object) -> list[DocumentRecord]:
    """Documents, none of them broken or missing."""
    assert isinstance(items, list | tuple)
    assert all(isinstance(item, DocumentRecord) for item in items), items
    return list(items)


def ids(documents: list[DocumentRecord]) -> list[str]:
    return [document.id for document in documents]
