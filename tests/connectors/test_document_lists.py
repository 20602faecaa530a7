"""All documents of a client, in pages, by each implementation of the document port."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from connectors.documents.folder import FolderDocuments
from connectors.documents.port import DocumentKind, DocumentRecord
from connectors.documents.queries import DocumentFilter
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord, UpstreamUnavailable
from tests.connectors.document_stores import CLIENT, Store
from tests.connectors.test_documents import STRANGE

ALL = DocumentFilter()


async def listed(store: Store, where: DocumentFilter = ALL, first: int = 1000) -> list[DocumentRecord]:
    """All pages one after the other; their number is what is counted."""
    found: list[DocumentRecord] = []
    after: tuple[str, ...] | None = None
    while True:
        (page,) = await store.port.documents_by_client([CLIENT], where, Slice(first, after))
        assert len(page.items) <= first
        for item in page.items:
            assert isinstance(item, DocumentRecord)
            found.append(item)
        after = page.next
        if not page.has_next:
            break
    assert await store.port.document_counts_by_client([CLIENT], where) == [len(found)]
    return found


def place(document: DocumentRecord) -> tuple[date, str]:
    return document.issued_on or date.min, document.id


async def test_pages_are_the_whole_list_newest_first(store: Store) -> None:
    whole = await listed(store)
    assert len(whole) > 3
    assert [each.id for each in whole] == [each.id for each in sorted(whole, key=place, reverse=True)]
    for first in (1, 2, len(whole)):
        assert [each.id for each in await listed(store, first=first)] == [each.id for each in whole]
    owned = await store.port.documents_by_owner([store.full, store.other])
    assert {each.id for page in owned for each in page.items if isinstance(each, DocumentRecord)} <= {
        each.id for each in whole
    }
    assert {each.client_number for each in whole} == {CLIENT}


async def test_filters(store: Store) -> None:
    whole = await listed(store)
    for kind in DocumentKind:
        found = await listed(store, DocumentFilter(kinds=(kind,)), 2)
        assert [each.id for each in found] == [each.id for each in whole if each.kind is kind]
    days = sorted({place(each)[0] for each in whole})
    start, end = days[1], days[-2]
    found = await listed(store, DocumentFilter(issued_from=start, issued_to=end), 2)
    assert [each.id for each in found] == [each.id for each in whole if start <= place(each)[0] <= end]
    assert 0 < len(found) < len(whole)


async def test_pages_are_aligned_to_clients(store: Store) -> None:
    keys = ["9999999", CLIENT, CLIENT, "", "..", "*"]
    pages = await store.port.documents_by_client(keys, ALL, Slice(2))
    assert [len(page.items) for page in pages] == [0, 2, 2, 0, 0, 0]
    assert [page.next is None for page in pages] == [True, False, False, True, True, True]
    counted = await store.port.document_counts_by_client(keys, ALL)
    assert counted == [0, counted[1], counted[1], 0, 0, 0]
    assert await store.port.documents_by_client([], ALL, Slice(2)) == []


async def test_no_client_number_leads_out_of_the_store(store: Store) -> None:
    pages = await store.port.documents_by_client(STRANGE, ALL, Slice(9))
    assert [list(page.items) for page in pages] == [[]] * len(STRANGE)


async def test_a_store_that_is_down_lists_nothing(store: Store) -> None:
    with pytest.raises(UpstreamUnavailable):
        await store.down.documents_by_client([CLIENT], ALL, Slice(1))
    with pytest.raises(UpstreamUnavailable):
        await store.down.document_counts_by_client([CLIENT], ALL)


async def test_names_that_are_not_utf_8_neither_repeat_nor_block(tmp_path: Path) -> None:
    """A folder's own: they stand on top, each as its own error, and paging passes over them."""
    folder = tmp_path / CLIENT / "invoice-7"
    folder.mkdir(parents=True)
    for name in (b"INVOICE_PDF--\xb3.pdf", b"INVOICE_PDF--\xb4.pdf", b"INVOICE_PDF--a.pdf", b"UPO--b.xml"):
        try:
            Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).write_bytes(b"x")  # noqa: PTH118
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")
    old = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    os.utime(folder / "UPO--b.xml", (old, old))
    port = FolderDocuments("documents", tmp_path)
    after: tuple[str, ...] | None = None
    seen: list[DocumentRecord | MalformedRecord] = []
    for _ in range(4):
        (page,) = await port.documents_by_client([CLIENT], ALL, Slice(1, after))
        after, seen = page.next, [*seen, *page.items]
    assert [isinstance(each, MalformedRecord) for each in seen] == [True, True, False, False]
    assert not page.has_next
    assert [each.file_name for each in seen if isinstance(each, DocumentRecord)] == ["a.pdf", "b.xml"]
