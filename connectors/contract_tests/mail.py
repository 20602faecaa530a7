"""What every mail archive keeps: see `connectors.mail.port.MailArchive`."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC

import pytest

from connectors.batch import Page
from connectors.contract_tests.contract import Call, Contract
from connectors.contract_tests.data.mail import MAILS, MailData, StoredMessage
from connectors.contract_tests.keys import STRANGE, many, whole
from connectors.contract_tests.lists import check_pages, read_through, same
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord
from connectors.mail.port import Correspondent, MailArchive, MessageDirection, MessageRecord

SOME = Slice(100)


def position(record: MessageRecord) -> tuple[str, ...]:
    """Where a message stands: by its moment, in UTC and with six decimals, then by id."""
    moment = record.sent_at.astimezone(UTC).isoformat(timespec="microseconds")
    return moment.replace("+00:00", "Z"), record.id


def correspondence(
    port: MailArchive, key: Correspondent
) -> Callable[[Slice], Awaitable[Page[MessageRecord | MalformedRecord]]]:
    """The list of one correspondent."""

    async def ask(part: Slice) -> Page[MessageRecord | MalformedRecord]:
        (page,) = await port.messages_by_address([key], part)
        return page

    return ask


def told(message: StoredMessage) -> tuple[object, ...]:
    """What a record must say of a message, but for when it was sent."""
    return (message.subject, message.client_number, message.direction, message.body.strip(), message.files)


def said(record: MessageRecord) -> tuple[object, ...]:
    """The same of a record."""
    body = record.body.replace("\r\n", "\n").strip()
    return (record.subject, record.client_number, record.direction, body, tuple(record.attachments))


class MailArchiveContract(Contract[MailArchive, MailData]):
    """Run over an archive that holds `data` and no other mails of its correspondents."""

    @pytest.fixture
    def data(self) -> MailData:
        """`MAILS`, unless the archive can't be filled with it."""
        return MAILS

    @pytest.fixture
    def credentials(self) -> Sequence[str]:
        """The archive's ids of mails that hold credentials, as nobody learns them through the port."""
        raise NotImplementedError("give a fixture `credentials`")

    @pytest.fixture
    def malformed(self) -> Correspondent:
        """A correspondent with a message that can't be read, and others that can."""
        raise NotImplementedError("give a fixture `malformed`")

    def reads(self, port: MailArchive, data: MailData) -> Sequence[Call]:
        """Lists, counts and messages by id."""
        return (
            lambda: port.messages_by_address(data.correspondents, SOME),
            lambda: port.message_counts_by_address(data.correspondents),
            lambda: port.messages_by_id(["1"]),
        )

    async def test_each_correspondence_is_what_it_should_be(self, port: MailArchive, data: MailData) -> None:
        """Mails to several are each one's, a shared address keeps clients apart, and no PIN is there."""
        pages = await port.messages_by_address(data.correspondents, SOME)
        for key, page in zip(data.correspondents, pages, strict=True):
            records = whole(page.items)
            messages = data.of(key)
            assert sorted(map(str, map(said, records))) == sorted(map(str, map(told, messages)))
            sent = {told(each): each.sent_at for each in messages}
            for record in records:
                moment = sent[said(record)]
                assert moment is None or record.sent_at == moment
                assert record.sent_at.utcoffset() is not None
                assert record.as_of.utcoffset() is not None
                addresses = f"{record.sender},{record.recipient}".lower()
                assert key.address.lower() in [each.strip() for each in addresses.split(",")]
                assert record.direction is not MessageDirection.UNKNOWN

    async def test_counts_agree_with_lists(self, port: MailArchive, data: MailData) -> None:
        expected = [len(data.of(key)) for key in data.correspondents]
        assert await port.message_counts_by_address(data.correspondents) == expected
        assert expected[-1] == 0

    async def test_addresses_are_told_apart_by_letters_not_by_case(
        self, port: MailArchive, data: MailData
    ) -> None:
        keys = [Correspondent(key.address.swapcase(), key.client_number) for key in data.correspondents]
        assert await port.message_counts_by_address(keys) == [len(data.of(key)) for key in keys]
        # Neither a part of an address, nor one that begins or ends alike.
        keys = [
            Correspondent(address, key.client_number)
            for key in data.correspondents
            for address in (
                key.address[1:],
                f"x{key.address}",
                f"{key.address}.pl",
                key.address.split("@")[0],
            )
        ]
        assert await port.message_counts_by_address(keys) == [0] * len(keys)

    async def test_aligned_to_correspondents(self, port: MailArchive, data: MailData) -> None:
        first, second, *_, nobody = data.correspondents
        keys = [nobody, second, first, second, nobody]
        pages = await port.messages_by_address(keys, Slice(2))
        counts = await port.message_counts_by_address(keys)
        assert counts == [len(data.of(key)) for key in keys]
        assert [len(page.items) for page in pages] == [min(2, count) for count in counts]
        assert [page.has_next for page in pages] == [count > 2 for count in counts]
        assert same(whole(pages[1].items), whole(pages[3].items))

    async def test_lists_are_whole_newest_first_in_pages_of_any_size(
        self, port: MailArchive, data: MailData
    ) -> None:
        for key in data.correspondents[:2]:
            items = await check_pages(correspondence(port, key), position)
            assert [each.sent_at for each in items] == sorted((each.sent_at for each in items), reverse=True)
            assert len(items) == len(data.of(key))

    async def test_records_are_aligned_to_ids(self, port: MailArchive, data: MailData) -> None:
        first, second, *_ = await read_through(correspondence(port, data.correspondents[0]))
        keys = [second.id, "999999999", first.id, second.id, *STRANGE]
        found = await port.messages_by_id(keys)
        assert [each and said(each) for each in whole(found)] == [
            said(second), None, said(first), said(second), *[None] * len(STRANGE),
        ]  # fmt: skip

    async def test_a_credential_is_never_read_back(
        self, port: MailArchive, credentials: Sequence[str]
    ) -> None:
        assert credentials
        assert await port.messages_by_id(credentials) == [None] * len(credentials)

    async def test_nothing_asked_nothing_sent(self, unreachable: MailArchive) -> None:
        assert await unreachable.messages_by_address([], SOME) == []
        assert await unreachable.message_counts_by_address([]) == []
        assert await unreachable.messages_by_id([]) == []

    async def test_long_batches(self, port: MailArchive, data: MailData) -> None:
        missing = [Correspondent(f"nikt-{number}@example.com", "0010001") for number in range(300)]
        keys = many(data.correspondents, missing)
        assert await port.message_counts_by_address(keys) == [len(data.of(key)) for key in keys]
        pages = await port.messages_by_address(keys, SOME)
        assert [len(page.items) for page in pages] == [len(data.of(key)) for key in keys]
        known = await read_through(correspondence(port, data.correspondents[0]))
        ids = many([each.id for each in known], [str(number) for number in range(10**8, 10**8 + 300)])
        found = await port.messages_by_id(ids)
        assert [each and each.id for each in whole(found)] == [
            key if place % 2 == 0 else None for place, key in enumerate(ids)
        ]

    async def test_strange_addresses_have_no_mails(self, port: MailArchive) -> None:
        keys = [Correspondent(address, "0010001") for address in STRANGE]
        assert await port.message_counts_by_address(keys) == [0] * len(keys)
        pages = await port.messages_by_address(keys, SOME)
        assert [list(page.items) for page in pages] == [[]] * len(keys)

    async def test_a_malformed_message_is_its_own_error(
        self, port: MailArchive, malformed: Correspondent
    ) -> None:
        """It stands in its list, beside those that can be read."""
        (page,) = await port.messages_by_address([malformed], SOME)
        assert {type(each) for each in page.items} == {MalformedRecord, MessageRecord}
        assert await port.message_counts_by_address([malformed]) == [len(page.items)]
