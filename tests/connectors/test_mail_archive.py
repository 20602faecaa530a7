"""RestMailArchive against the sandbox."""

import smtplib
from email.message import EmailMessage

import pytest

from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord, UpstreamRejected, UpstreamUnavailable
from connectors.http import UpstreamClient
from connectors.mail.archive import RestMailArchive
from connectors.mail.port import CREDENTIAL_HEADER, Correspondent, MessageRecord, OutgoingMail
from connectors.mail.smtp import SmtpSender
from resolvers.correspondence import MESSAGES
from tests.connectors.canned import answering
from tests.harness.processes import Sandbox

ALL = Slice(1000)


def correspondent(number: str) -> Correspondent:
    return Correspondent(f"efaktury+{number}@example.com", number)


def read(items: object) -> list[MessageRecord]:
    """Messages, none of them broken or missing."""
    assert isinstance(items, list | tuple)
    assert all(isinstance(item, MessageRecord) for item in items), items
    return list(items)


def deliver(sandbox: Sandbox, to: str, subject: str, **headers: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "biuro@example.com", to, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Dzień dobry\n")
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=5) as smtp:
        smtp.send_message(message)


async def test_aligned_to_correspondents(archive: RestMailArchive) -> None:
    a, b, nobody = correspondent("0010001"), correspondent("0010002"), Correspondent("no@example.com", "1")
    keys = [nobody, b, a, b, nobody]
    pages = await archive.messages_by_address(keys, ALL)
    counted = await archive.message_counts_by_address(keys)
    assert counted == [len(page.items) for page in pages]
    assert counted[0] == counted[4] == 0 < counted[1]
    assert list(pages[1].items) == list(pages[3].items)
    for key, page in zip(keys, pages, strict=True):
        for message in read(page.items):
            assert key.address in f"{message.sender}, {message.recipient}"
            assert message.client_number in (None, key.client_number)
    assert await archive.messages_by_address([], ALL) == []
    assert await archive.message_counts_by_address([]) == []


async def test_newest_first_to_the_end(archive: RestMailArchive) -> None:
    key = correspondent("0010001")
    whole = read((await archive.messages_by_address([key], ALL))[0].items)
    assert [m.sent_at for m in whole] == sorted((m.sent_at for m in whole), reverse=True)
    seen: list[MessageRecord] = []
    after = None
    while True:
        (page,) = await archive.messages_by_address([key], Slice(2, after))
        seen += read(page.items)
        after = page.next
        if not page.has_next:
            break
    assert seen == whole


async def test_every_item_s_own_cursor_leads_on_behind_it(archive: RestMailArchive) -> None:
    """An edge's cursor is made of the record, not of the archive's `next`."""
    key = correspondent("0010001")
    whole = read((await archive.messages_by_address([key], ALL))[0].items)
    for place, message in enumerate(whole):
        part = MESSAGES.slice(100, MESSAGES.cursor(MESSAGES.position(message)))
        (page,) = await archive.messages_by_address([key], part)
        assert read(page.items) == whole[place + 1 :]


async def test_by_id(archive: RestMailArchive) -> None:
    (page,) = await archive.messages_by_address([correspondent("0010001")], ALL)
    first, second, *_ = read(page.items)
    keys = [second.id, "0", first.id, "../1", "", "\0", second.id]
    assert await archive.messages_by_id(keys) == [second, None, first, None, None, None, second]


async def test_a_credential_is_never_read_back(archive: RestMailArchive, switched: Sandbox) -> None:
    key = Correspondent("archive-1@example.com", "0010001")
    sender = SmtpSender(
        "smtp", f"smtp://127.0.0.1:{switched.smtp_port}", sender="a@example.com", sender_name="A"
    )
    await sender.send(OutgoingMail(key.address, "PIN", "1234 5678", "<p>1234 5678</p>", credential=True))
    await sender.send(OutgoingMail(key.address, "Zwykły", "Dzień dobry", "<p>Dzień dobry</p>"))
    await sender.close()
    (page,) = await archive.messages_by_address([key], ALL)
    assert [message.subject for message in read(page.items)] == ["Zwykły"]
    assert await archive.message_counts_by_address([key]) == [1]
    question = {"keys": [{"address": key.address, "clientNumber": "0010001"}], "first": 10}
    everything = switched.ask("POST", "/mail/v1/list", question)["results"][0]["items"]
    (hidden,) = [each for each in everything if CREDENTIAL_HEADER.lower() in each["headers"]]
    assert await archive.messages_by_id([hidden["id"]]) == [None]


async def test_a_shared_address_keeps_clients_apart(archive: RestMailArchive, switched: Sandbox) -> None:
    address = "archive-2@example.com"
    for client in ("0010001", "0010002"):
        deliver(switched, address, f"Dla {client}", Client_Number=client)
    deliver(switched, address, "Dla obu")
    keys = [Correspondent(address.upper(), client) for client in ("0010001", "0010002", "0010003")]
    pages = await archive.messages_by_address(keys, ALL)
    subjects = [[message.subject for message in read(page.items)] for page in pages]
    assert subjects == [["Dla obu", "Dla 0010001"], ["Dla obu", "Dla 0010002"], ["Dla obu"]]
    assert await archive.message_counts_by_address(keys) == [2, 2, 1]


async def test_an_archive_that_mixes_clients_up_is_not_believed(
    archive: RestMailArchive, switched: Sandbox
) -> None:
    """Be it the wrong address, or a shared address and the wrong client."""
    with switched.fault("/mail/*", mode="lie"):
        (page,) = await archive.messages_by_address([correspondent("0010001")], ALL)
        (found,) = await archive.messages_by_id(["1"])
    assert page.items
    assert {type(item) for item in page.items} == {MalformedRecord}
    assert isinstance(found, MalformedRecord)


async def test_a_message_that_names_another_client_is_not_believed() -> None:
    """Somebody may act for both clients, so that no policy would hide it."""
    body = b"""{"results": [{"hasNext": false, "next": null, "items": [{"id": "1", "clientNumber": "0010002",
        "direction": "INBOUND", "subject": "x", "sentAt": "2026-11-22T10:00:00Z", "from": "both@example.com",
        "to": "a@example.com", "body": "", "attachments": [], "headers": {}, "asOf": "2026-11-22T10:00:00Z"
        }]}]}"""
    async with answering(body) as url:
        http = UpstreamClient("mail", url)
        archive = RestMailArchive(http)
        (own,) = await archive.messages_by_address([Correspondent("both@example.com", "0010002")], ALL)
        (foreign,) = await archive.messages_by_address([Correspondent("both@example.com", "0010001")], ALL)
        await http.close()
    assert [message.subject for message in read(own.items)] == ["x"]
    assert [type(item) for item in foreign.items] == [MalformedRecord]


async def test_several_recipients(archive: RestMailArchive, switched: Sandbox) -> None:
    deliver(switched, "archive-3@example.com, Archive-4@example.com", "Do dwojga")
    keys = [Correspondent(f"archive-{n}@example.com", "0010001") for n in (3, 4)]
    for page in await archive.messages_by_address(keys, ALL):
        assert [message.subject for message in read(page.items)] == ["Do dwojga"]


async def test_health_and_failures(archive: RestMailArchive, switched: Sandbox) -> None:
    await archive.health()
    with switched.fault("/mail/*", mode="refuse"):
        for call in (archive.health(), archive.messages_by_id(["1"])):
            with pytest.raises(UpstreamUnavailable):
                await call
    http = UpstreamClient("mail", switched.url, api_key="wrong")
    with pytest.raises(UpstreamRejected):
        await RestMailArchive(http).message_counts_by_address([])
    await http.close()
