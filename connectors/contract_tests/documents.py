"""What every document store keeps: see `connectors.documents.port.DocumentPort`."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta

import pytest

from connectors.batch import Page
from connectors.contract_tests.contract import Call, Contract
from connectors.contract_tests.data.documents import DOCUMENTS, DocumentData, StoredDocument
from connectors.contract_tests.document_uploads import Uploading
from connectors.contract_tests.keys import STRANGE, many, whole
from connectors.contract_tests.lists import check_pages, read_through, same
from connectors.contract_tests.opening import content
from connectors.documents.content import ByteRange
from connectors.documents.port import DocumentKind, DocumentOwner, DocumentPort, DocumentRecord
from connectors.documents.queries import DocumentFilter
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord

ALL = DocumentFilter()


def position(record: DocumentRecord) -> tuple[str, ...]:
    """Where a document stands in the list of its client: by day of issue, those without one last, then id."""
    return str(record.issued_on or date.min), record.id


def listed(
    port: DocumentPort, client: str, where: DocumentFilter
) -> Callable[[Slice], Awaitable[Page[DocumentRecord | MalformedRecord]]]:
    """The list of one client's documents."""

    async def ask(part: Slice) -> Page[DocumentRecord | MalformedRecord]:
        (page,) = await port.documents_by_client([client], where, part)
        return page

    return ask


async def records_of(port: DocumentPort, data: DocumentData) -> dict[StoredDocument, DocumentRecord]:
    """What the store says of each document."""
    pages = await port.documents_by_owner(data.owners)
    found = {
        (owner, each.kind, each.file_name): each
        for owner, page in zip(data.owners, pages, strict=True)
        for each in whole(page.items)
    }
    assert len(found) == len(data.documents)
    return {each: found[each.owner, each.kind, each.file_name] for each in data.documents}


class DocumentContract(Uploading, Contract[DocumentPort, DocumentData]):
    """Run over a store that holds `data` and nothing else of its clients."""

    @pytest.fixture
    def data(self) -> DocumentData:
        """`DOCUMENTS`, unless the store can't be filled with it."""
        return DOCUMENTS

    def reads(self, port: DocumentPort, data: DocumentData) -> Sequence[Call]:
        """By owner, id and client."""
        return (
            lambda: port.documents_by_owner(data.owners),
            lambda: port.documents_by_id(["0010001/invoice-11/INVOICE_PDF--x.pdf", "P1"]),
            lambda: port.documents_by_client([data.client], ALL, Slice(2)),
            lambda: port.document_counts_by_client([data.client], ALL),
        )

    def streams(self, port: DocumentPort, data: DocumentData) -> Sequence[Call]:
        """The bytes."""
        del data
        return (lambda: content(port, "0010001/invoice-11/INVOICE_PDF--x.pdf"),)

    async def test_a_record_says_what_its_content_is(self, port: DocumentPort, data: DocumentData) -> None:
        for stored, record in (await records_of(port, data)).items():
            assert record.client_number == stored.client
            assert record.owner == str(stored.owner)
            assert record.size == len(stored.content)
            assert record.sha256 == hashlib.sha256(stored.content).hexdigest()
            assert record.mime_type == stored.mime_type
            assert record.issued_on == stored.issued_on or stored.issued_on is None
            assert record.title
            assert record.as_of.utcoffset() is not None
            assert (record.uploaded_by, record.expires_at) == (None, None)

    async def test_lists_are_aligned_to_owners(self, port: DocumentPort, data: DocumentData) -> None:
        nobody = DocumentOwner("invoice", "999999999", data.client)
        first, second, *_ = data.owners
        owners = [nobody, second, first, second, nobody]
        pages = await port.documents_by_owner(owners)
        assert [{each.owner for each in whole(page.items)} for page in pages] == [
            set(), {str(second)}, {str(first)}, {str(second)}, set(),
        ]  # fmt: skip
        assert same(pages[1].items, pages[3].items)
        assert not any(page.has_next for page in pages), "the list of an owner is whole"
        for page in pages:
            days = [each.issued_on or date.min for each in whole(page.items)]
            assert days == sorted(days, reverse=True)

    async def test_records_are_aligned_to_ids(self, port: DocumentPort, data: DocumentData) -> None:
        first, second, third, *_ = (await records_of(port, data)).values()
        keys = [third.id, "nothing", first.id, second.id, first.id]
        found = await port.documents_by_id(keys)
        assert [each and each.id for each in whole(found)] == [third.id, None, first.id, second.id, first.id]

    async def test_a_document_has_one_id(self, port: DocumentPort, data: DocumentData) -> None:
        records = list((await records_of(port, data)).values())
        assert len({each.id for each in records}) == len(records)
        for each in records:
            others = [f"./{each.id}", f"/{each.id}", f"{each.id}/", f"{each.id}\0", f" {each.id}"]
            assert await port.documents_by_id(others) == [None] * len(others)

    async def test_nothing_asked_nothing_sent(self, unreachable: DocumentPort) -> None:
        assert await unreachable.documents_by_owner([]) == []
        assert await unreachable.documents_by_id([]) == []
        assert await unreachable.documents_by_client([], ALL, Slice(2)) == []
        assert await unreachable.document_counts_by_client([], ALL) == []
        assert await unreachable.keep("0010001", []) == []

    async def test_long_batches(self, port: DocumentPort, data: DocumentData) -> None:
        records = await records_of(port, data)
        keys = many([each.id for each in records.values()], ["P999999999", "0010001/invoice-9/x.pdf"])
        found = await port.documents_by_id(keys)
        assert [each and each.id for each in whole(found)] == [
            key if place % 2 == 0 else None for place, key in enumerate(keys)
        ]
        missing = [DocumentOwner("invoice", str(key), data.client) for key in range(10**8, 10**8 + 300)]
        owners = many(data.owners, missing)
        pages = await port.documents_by_owner(owners)
        assert [{each.owner for each in whole(page.items)} for page in pages] == [
            {str(owner)} if place % 2 == 0 else set() for place, owner in enumerate(owners)
        ]

    async def test_no_key_leads_out_of_the_store(self, port: DocumentPort, data: DocumentData) -> None:
        assert await port.documents_by_id(STRANGE) == [None] * len(STRANGE)
        owners = [DocumentOwner("invoice", key, data.client) for key in STRANGE]
        owners += [DocumentOwner(key, "11", data.client) for key in STRANGE]
        pages = await port.documents_by_owner(owners)
        assert [list(page.items) for page in pages] == [[]] * len(owners)
        pages = await port.documents_by_client(STRANGE, ALL, Slice(9))
        assert [list(page.items) for page in pages] == [[]] * len(STRANGE)
        assert await port.document_counts_by_client(STRANGE, ALL) == [0] * len(STRANGE)

    async def test_lists_of_clients_are_whole_newest_first_in_pages_of_any_size(
        self, port: DocumentPort, data: DocumentData
    ) -> None:
        records = await records_of(port, data)
        for client in (data.client, data.other):
            items = await check_pages(listed(port, client, ALL), position)
            assert {each.id for each in items} == {records[each].id for each in data.of(client)}
            assert [position(each) for each in items] == sorted(map(position, items), reverse=True)
            assert {each.client_number for each in items} == {client}

    async def test_lists_are_aligned_to_clients(self, port: DocumentPort, data: DocumentData) -> None:
        keys = ["9999999", data.other, data.client, data.other]
        pages = await port.documents_by_client(keys, ALL, Slice(1))
        clients = [[each.client_number for each in whole(page.items)] for page in pages]
        assert clients == [[], [data.other], [data.client], [data.other]]
        ours, others = len(data.of(data.client)), len(data.of(data.other))
        assert [page.has_next for page in pages] == [False, others > 1, ours > 1, others > 1]
        assert await port.document_counts_by_client(keys, ALL) == [0, others, ours, others]

    async def test_filters(self, port: DocumentPort, data: DocumentData) -> None:
        items = await read_through(listed(port, data.client, ALL))
        days = sorted({each.issued_on for each in items if each.issued_on is not None})
        middle = days[len(days) // 2]
        one = timedelta(days=1)
        wheres = [DocumentFilter(kinds=(kind,)) for kind in DocumentKind if kind is not DocumentKind.UNKNOWN]
        wheres += [DocumentFilter(kinds=(DocumentKind.INVOICE_PDF, DocumentKind.UPO), issued_from=middle)]
        for day in (days[0] - one, middle, days[-1] + one):
            wheres += [DocumentFilter(issued_from=day), DocumentFilter(issued_to=day)]
            wheres += [DocumentFilter(issued_from=day, issued_to=day)]
        for where in wheres:
            wanted = [each for each in items if _meets(each, where)]
            assert same(await read_through(listed(port, data.client, where), 2), wanted), where
            assert await port.document_counts_by_client([data.client], where) == [len(wanted)], where

    async def test_the_bytes_whole_and_in_part(self, port: DocumentPort, data: DocumentData) -> None:
        for stored, record in (await records_of(port, data)).items():
            size = len(stored.content)
            assert await content(port, record.id) == stored.content
            parts = ((0, 1), (0, size), (3, 11), (size // 2, size), (size - 1, size))
            for start, stop in parts if size > 11 else ():
                async with port.open(record.id, ByteRange(start, stop)) as opened:
                    assert opened is not None
                    assert (opened.size, opened.part) == (size, ByteRange(start, stop))
                    read = b"".join([chunk async for chunk in opened.chunks])
                assert read == stored.content[start:stop]

    async def test_the_bytes_of_what_is_missing(self, port: DocumentPort) -> None:
        for key in STRANGE:
            assert await content(port, key) is None, key
            assert await content(port, key, ByteRange(0, 1)) is None, key

    async def test_nobody_has_to_read_to_the_end(self, port: DocumentPort, data: DocumentData) -> None:
        large, record = max((await records_of(port, data)).items(), key=lambda each: each[1].size)
        async with asyncio.timeout(60):
            for _ in range(30):  # more than there are connections in a pool
                async with port.open(record.id) as opened:
                    assert opened is not None
            assert await content(port, record.id) == large.content

    async def test_a_malformed_record_is_its_own_error(self, port: DocumentPort, malformed: str) -> None:
        """It stands in the list of its client, beside those that can be read."""
        (page,) = await port.documents_by_client([malformed], ALL, Slice(100))
        kinds = {type(each) for each in page.items}
        assert kinds == {MalformedRecord, DocumentRecord}
        assert await port.document_counts_by_client([malformed], ALL) == [len(page.items)]

    @pytest.fixture
    def malformed(self) -> str:
        """A client with a document that can't be read, and others that can."""
        raise NotImplementedError("give a fixture `malformed`")


def _meets(record: DocumentRecord, where: DocumentFilter) -> bool:
    day = record.issued_on or date.min
    return (
        (where.kinds == () or record.kind in where.kinds)
        and (where.issued_from is None or where.issued_from <= day)
        and (where.issued_to is None or day <= where.issued_to)
    )
