"""ImapMailArchive against a real Dovecot."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from connectors import deadline
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord, UpstreamRejected, UpstreamTimeout, UpstreamUnavailable
from connectors.mail.imap import ImapMailArchive
from connectors.mail.port import (
    CREDENTIAL_HEADER,
    Correspondent,
    MessageAttachment,
    MessageDirection,
    MessageRecord,
)
from resolvers.correspondence import MESSAGES
from tests.connectors.canned import listening, silence
from tests.harness.mail_servers import GIVE_UP_SECONDS, Dovecot
from tests.harness.processes import free_ports
from tests.mail.conftest import CREDENTIALS, Archives
from tests.mail.mails import OFFICE, mail, mailbox, put

ALL = Slice(1000)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def read(items: object) -> list[MessageRecord]:
    """Messages, none of them broken or missing."""
    assert isinstance(items, list | tuple)
    assert all(isinstance(item, MessageRecord) for item in items), items
    return list(items)


async def listed(archives: Archives, address: str, client: str = "0010001") -> list[MessageRecord]:
    (page,) = await archives().messages_by_address([Correspondent(address, client)], ALL)
    return read(page.items)


async def test_a_polish_mail(dovecot: Dovecot, archives: Archives) -> None:
    message = mail(
        f"Łódzki Leasing <{OFFICE}>",
        "Żółw <polski@example.com>",
        "Zażółć gęślą jaźń — faktura",
        "Zażółć\nżółwia.\n",
    )
    message.add_alternative("<p>Inaczej</p>", subtype="html")
    message.add_attachment(
        b"%PDF" * 1000, maintype="application", subtype="pdf", filename="faktura żółta.pdf"
    )
    put(dovecot, message, at=[NOON])
    (found,) = await listed(archives, "polski@example.com")
    assert found.subject == "Zażółć gęślą jaźń — faktura"
    assert (found.sender, found.recipient) == (OFFICE, "polski@example.com")
    assert found.direction is MessageDirection.OUTBOUND
    assert found.sent_at == found.as_of == NOON
    assert found.client_number is None
    assert found.body == "Zażółć\nżółwia.\n"
    (file,) = found.attachments
    assert (file.file_name, file.mime_type) == ("faktura żółta.pdf", "application/pdf")
    assert 4000 <= file.size <= 4002, "told from the encoded size, without a download"


async def test_aligned_newest_first_over_folders_to_the_end(dovecot: Dovecot, archives: Archives) -> None:
    moments = [NOON + timedelta(minutes=each) for each in range(6)]
    put(dovecot, *(mail("a@page.example.com", OFFICE, f"{n}") for n in (0, 2, 4)), at=moments[::2])
    put(
        dovecot,
        *(mail(OFFICE, "A@Page.Example.com", f"{n}") for n in (1, 3, 5)),
        at=moments[1::2],
        folder="Sent",
    )
    put(dovecot, mail("b@page.example.com", OFFICE, "b"), at=[NOON])
    a, b, nobody = (Correspondent(f"{name}@page.example.com", "1") for name in ("a", "b", "nobody"))
    archive = archives()
    pages = await archive.messages_by_address([nobody, b, a, b], ALL)
    assert [[m.subject for m in read(page.items)] for page in pages] == [[], ["b"], list("543210"), ["b"]]
    assert await archive.message_counts_by_address([nobody, b, a, b]) == [0, 1, 6, 1]
    assert await archive.messages_by_address([], ALL) == []
    assert await archive.message_counts_by_address([]) == []
    seen: list[MessageRecord] = []
    after = None
    while True:
        (page,) = await archive.messages_by_address([a], Slice(4, after))
        seen += read(page.items)
        after = page.next
        if not page.has_next:
            break
    whole = read(pages[2].items)
    assert seen == whole
    for place, message in enumerate(whole):  # the cursor of an edge is made of the record
        part = MESSAGES.slice(100, MESSAGES.cursor(MESSAGES.position(message)))
        (page,) = await archive.messages_by_address([a], part)
        assert read(page.items) == whole[place + 1 :]


async def test_many_of_the_same_second(dovecot: Dovecot, archives: Archives) -> None:
    put(dovecot, *(mail("same@example.com", OFFICE, f"{n}") for n in range(7)), at=[NOON] * 7)
    archive, key = archives(), Correspondent("same@example.com", "1")
    subjects, after = [], None
    for _ in range(4):
        (page,) = await archive.messages_by_address([key], Slice(2, after))
        subjects += [message.subject for message in read(page.items)]
        after = page.next
    assert subjects == list("6543210")


async def test_new_mails_are_seen_and_removed_ones_gone(dovecot: Dovecot, archives: Archives) -> None:
    """What was found is remembered: nobody may notice."""
    archive, key = archives(), Correspondent("news@example.com", "1")
    for count in range(3):
        assert await archive.message_counts_by_address([key]) == [count]
        put(dovecot, mail("news@example.com", OFFICE, f"{count}"), mail("other@example.com", OFFICE))
    (page,) = await archive.messages_by_address([key], ALL)
    assert [message.subject for message in read(page.items)] == ["2", "1", "0"]
    gone = read(page.items)[1].id
    with mailbox(dovecot) as connection:
        connection.select()
        connection.uid("STORE", gone.split("-")[1], "+FLAGS", "\\Deleted")
        assert await archive.messages_by_id([gone]) == [None]
        connection.expunge()
    assert await archive.message_counts_by_address([key]) == [2]
    put(dovecot, mail("news@example.com", OFFICE, "3"))
    (page,) = await archive.messages_by_address([key], ALL)
    assert [message.subject for message in read(page.items)] == ["3", "2", "0"]


async def test_an_address_is_compared_whole(dovecot: Dovecot, archives: Archives) -> None:
    """A server compares parts of texts, and a name may read like an address."""
    put(
        dovecot,
        mail("xwhole@example.com", OFFICE, "longer in front"),
        mail("whole@example.com.evil.example.net", OFFICE, "longer behind"),
        mail('"whole@example.com" <evil@example.net>', OFFICE, "in a name"),
        b"From: =?utf-8?q?=3Cwhole=40example=2Ecom=3E?= <evil@example.net>\r\nSubject: encoded\r\n\r\nx\r\n",
        mail(OFFICE, f"x@example.com, Who <WHOLE@example.com>, {OFFICE}", "one of several"),
        mail(OFFICE, "x@example.com", "in copy", Cc='"Żółw, z przecinkiem" <whole@example.com>'),
        b"To: Team: y@example.com, whole@example.com;\r\nSubject: in a group\r\n\r\nx\r\n",
    )
    found = await listed(archives, "whole@example.com")
    assert [message.subject for message in found] == ["in a group", "in copy", "one of several"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        '"',
        "\\",
        'a" OR ALL "',
        "a@b\r\n. LOGOUT",
        "{3}",
        "a@example.com)",
        "%",
        "*",
        "ż",
        "(",
        "\0",
        "@",
    ],
)
async def test_nothing_is_injected(address: str, dovecot: Dovecot, archives: Archives) -> None:
    put(dovecot, mail("injected@example.com", OFFICE))
    archive = archives()
    keys = [Correspondent(address, "1"), Correspondent("injected@example.com", "1")]
    nothing, something = await archive.message_counts_by_address(keys)
    assert nothing == 0 < something


async def test_addresses_that_look_odd(dovecot: Dovecot, archives: Archives) -> None:
    put(
        dovecot,
        b'From: "quo\\"ted name"@odd.example.com\r\nSubject: quoted\r\n\r\nx\r\n',
        "From: żółw@odd.example.com\r\nSubject: Żółw\r\n\r\nx\r\n".encode(),
    )
    for address, subject in {
        "Żółw@odd.example.com": "Żółw",
        '"quo\\"ted name"@odd.example.com': "quoted",
    }.items():
        assert [each.subject for each in await listed(archives, address)] == [subject]


async def test_a_credential_is_never_read_back(dovecot: Dovecot, archives: Archives) -> None:
    put(
        dovecot,
        mail(OFFICE, "pin@example.com", "PIN", "1234 5678", **{CREDENTIAL_HEADER: "yes"}),
        b"To: pin@example.com\r\nLEASEGRAPH-credential:\r\nSubject: empty\r\n\r\n1\r\n",
        mail(OFFICE, "pin@example.com", "Zwykły"),
    )
    (found,) = await listed(archives, "pin@example.com")
    assert found.subject == "Zwykły"
    archive = archives()
    assert await archive.message_counts_by_address([Correspondent("pin@example.com", "1")]) == [1]
    validity, uid, folder = found.id.split("-")
    before = [f"{validity}-{int(uid) - back}-{folder}" for back in (1, 2)]
    assert await archive.messages_by_id([*before, found.id]) == [None, None, found]


async def test_a_shared_address_keeps_clients_apart(dovecot: Dovecot, archives: Archives) -> None:
    address = "shared@example.com"
    for client in ("0010001", "0010002"):
        put(dovecot, mail(OFFICE, address, f"Dla {client}", Client_Number=client))
    put(dovecot, mail(OFFICE, address, "Dla obu"))
    put(
        dovecot,
        b"To: shared@example.com\r\nClient-Number: 0010001\r\nClient-Number: 0010002\r\n\r\n",
    )
    archive = archives()
    keys = [Correspondent(address.upper(), client) for client in ("0010001", "0010002", "0010003")]
    pages = await archive.messages_by_address(keys, ALL)
    subjects = [[message.subject for message in read(page.items)] for page in pages]
    assert subjects == [["Dla obu", "Dla 0010001"], ["Dla obu", "Dla 0010002"], ["Dla obu"]]
    assert read(pages[0].items)[1].client_number == "0010001"
    assert await archive.message_counts_by_address(keys) == [2, 2, 1]


async def test_by_id(dovecot: Dovecot, archives: Archives) -> None:
    put(dovecot, *(mail("id@example.com", OFFICE, f"{n}") for n in range(2)))
    second, first = await listed(archives, "id@example.com")
    validity, uid, _ = first.id.split("-")
    other = int(validity) + 1
    wrong = [f"{validity}-{uid}-../INBOX", f"{validity}-{uid}-inbox", f"{other}-{uid}-INBOX", "0", "", "\0"]
    wrong += [f"{validity}-4294967295-INBOX", f"{validity}-{uid}", f"{validity}-1:*-INBOX"]
    found = await archives().messages_by_id([second.id, *wrong, first.id, second.id])
    assert found == [second, *[None] * len(wrong), first, second]


HEAD = b"From: odd@example.com\r\nTo: biuro@leasing.example.com\r\nMIME-Version: 1.0\r\nSubject: "
ODD: dict[str, tuple[bytes, str, str]] = {
    "8-bit UTF-8": ("Żółć\r\n\r\nżółć\r\n".encode(), "Żółć", "żółć\n"),
    "8-bit Windows-1250": ("Żółć\r\n\r\nżółć\r\n".encode("cp1250"), "Żółć", "żółć\n"),
    "ISO-8859-2": (
        (b"=?iso-8859-2?q?=AF=F3=B3=E6?=\r\nContent-Type: text/plain; charset=ISO-8859-2\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=BF=F3=B3=E6\r\n"),
        "Żółć",
        "żółć\n",
    ),
    "base64": (
        (b"=?UTF-8?B?xbvDs8WC?= =?utf-8?b?xIc=?=\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nxbzDs8WCxIc=\r\n"),
        "Żółć",
        "żółć",
    ),
    "HTML": (
        (b"x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><head><title>t</title><style>p {}</style>"
        b"<script>alert(1)</script></head><body><p>A &amp; &lt;b&gt;<br>C</p><div>D<p>E</body>"),
        "x",
        "A & <b>\nC\n\nD\nE",
    ),
    "unknown character set": (
        b"=?none?q?a?=\r\nContent-Type: text/plain; charset=none\r\n\r\n\xc5\xbc\r\n", "a", "ż\n",
    ),
    "broken base64": (
        b"x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!=\r\n", "x", "",
    ),
    "no end of a part": (
        b"x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhere\r\n", "x", "here\n",
    ),
    "no part": (b"x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n", "x", ""),
    "no text": (b"\r\n\r\n", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
async def test_odd_messages(name: str, dovecot: Dovecot, archives: Archives) -> None:
    rest, subject, body = ODD[name]
    put(dovecot, HEAD + rest)
    found = (await listed(archives, "odd@example.com"))[0]
    assert (found.subject, found.body) == (subject, body)
    assert found.direction is MessageDirection.INBOUND


FILES = """\
From: files@example.com
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/related; boundary=r

--r
Content-Type: text/html

<p>Text</p>
--r
Content-Type: image/png; name=logo.png
Content-Disposition: inline; filename=logo.png
Content-Transfer-Encoding: base64

AAAA
--r--
--b
Content-Type: text/plain; name=notes.txt
Content-Disposition: attachment

notes
--b
Content-Type: application/pdf
Content-Disposition: attachment;
 filename*0*=utf-8''umowa%20;
 filename*1*=%C5%BC%C3%B3%C5%82ta.pdf
Content-Transfer-Encoding: base64

AAAA
--b
Content-Type: application/zip; name="=?utf-8?q?=C5=BC=C3=B3=C5=82w=2Ezip?="

AB
--b
Content-Type: application/xml
Content-Disposition: attachment; filename="a \\"b\\" c.xml"

A
--b
Content-Type: message/rfc822

Subject: forwarded

Old.
--b
Content-Type: application/octet-stream


--b--
"""


async def test_attachments_of_all_sorts(dovecot: Dovecot, archives: Archives) -> None:
    put(dovecot, FILES.replace("\n", "\r\n").encode())
    (found,) = await listed(archives, "files@example.com")
    assert found.body == "Text"
    assert [(each.file_name, each.mime_type) for each in found.attachments] == [
        ("notes.txt", "text/plain"),
        ("umowa żółta.pdf", "application/pdf"),
        ("żółw.zip", "application/zip"),
        ('a "b" c.xml', "application/xml"),
        ("", "message/rfc822"),
        ("", "application/octet-stream"),
    ]
    assert found.attachments[0] == MessageAttachment("notes.txt", "text/plain", 5)
    assert found.attachments[1].size == 3


async def test_a_very_long_text_is_cut(dovecot: Dovecot, archives: Archives) -> None:
    put(dovecot, mail("long@example.com", OFFICE, text="żółw " * 100_000))
    (found,) = await listed(archives, "long@example.com")
    assert found.body.startswith("żółw żółw")
    assert 100_000 < len(found.body) < 300_000


@pytest.mark.parametrize("scheme", ["imap+starttls", "imap"])
async def test_starttls(scheme: str, dovecot: Dovecot, archives: Archives) -> None:
    await archives(f"{scheme}://{CREDENTIALS}@localhost:{dovecot.port}").health()


async def test_a_certificate_that_nobody_vouches_for(dovecot: Dovecot, archives: Archives) -> None:
    for scheme, port in (("imaps", dovecot.tls_port), ("imap+starttls", dovecot.port)):
        with pytest.raises(UpstreamUnavailable, match="its certificate is not trusted"):
            await archives(f"{scheme}://{CREDENTIALS}@localhost:{port}", ca_file=None).health()


async def test_no_password_is_given_away_in_clear(archives: Archives) -> None:
    """Whoever strikes STARTTLS from what the server offers hears no password."""
    heard = b""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        writer.write(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n")
        while line := await reader.readline():
            heard += line
            tag = line.split()[0]
            writer.write(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK done\r\n")

    async with listening(talk) as port:
        with pytest.raises(UpstreamUnavailable, match="it does not offer STARTTLS"):
            await archives(f"imap+starttls://archive:secret@localhost:{port}").health()
    assert b"CAPABILITY" in heard
    assert b"AUTH" not in heard.replace(b"AUTH=", b"")
    assert b"LOGIN" not in heard


async def test_a_wrong_password(dovecot: Dovecot, archives: Archives) -> None:
    with pytest.raises(UpstreamRejected) as refused:
        await archives(f"imaps://archive:wrong@localhost:{dovecot.tls_port}").health()
    assert refused.value.reason == "LOGIN"
    assert "wrong" not in str(refused.value)


async def test_nobody_listens_or_nobody_speaks(archives: Archives) -> None:
    (port,) = free_ports(1)
    with pytest.raises(UpstreamUnavailable):
        await archives(f"imap://127.0.0.1:{port}").health()
    async with listening(silence) as port:
        with pytest.raises(UpstreamTimeout):
            await archives(f"imap://127.0.0.1:{port}", timeout=0.3).health()
        with deadline.within(0.2), pytest.raises(UpstreamTimeout):
            await archives(f"imap://127.0.0.1:{port}", timeout=1).health()


async def until_it_fails(archive: ImapMailArchive) -> None:
    """Sessions end a moment after their server."""
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < give_up:
        await archive.health()


async def test_a_server_that_goes_and_comes_back(dovecot: Dovecot, archives: Archives) -> None:
    """A connection that was dropped while it rested is replaced; what fails is told and then forgotten."""
    archive = archives()
    await archive.health()
    dovecot.stop()
    with pytest.raises(UpstreamUnavailable):
        await until_it_fails(archive)
    dovecot.start()
    await archive.health()
    dovecot.stop()
    dovecot.start()
    await archive.health()


async def test_a_message_that_the_server_garbles_is_its_own_error(archives: Archives) -> None:
    header = b"From: garbled@example.com\r\nClient-Number: 0010001\r\nSubject: whole\r\n\r\n"
    structures = {1: b'("TEXT" "PLAIN" NIL NIL NIL "7BIT" 4 1)', 2: b'("TEXT" "PLAIN"', 3: b"NIL"}

    def said(uid: int, items: bytes) -> bytes:
        if b"BODY.PEEK[1]" in items:
            return b"* %d FETCH (UID %d BODY[1]<0> {4}\r\nx = )\r\n" % (uid, uid)
        answer = b'* %d FETCH (UID %d FLAGS () INTERNALDATE "20-Nov-2026 12:00:00 +0000"' % (uid, uid)
        answer += b" BODY[HEADER.FIELDS (FROM)] {%d}\r\n" % len(header) + header
        return answer + (b" BODYSTRUCTURE " + structures[uid] if b"STRUCTURE" in items else b"") + b")\r\n"

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* PREAUTH [CAPABILITY IMAP4rev1] hello\r\n")
        while line := await reader.readline():
            tag, command, *rest = line.split(maxsplit=4)
            if command == b"EXAMINE":
                writer.write(b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 4] x\r\n")
            elif rest[:1] == [b"SEARCH"]:
                writer.write(b"* SEARCH 1 2 3\r\n")
            elif rest[:1] == [b"FETCH"]:
                writer.write(b"".join(said(int(uid), rest[2]) for uid in rest[1].split(b",")))
            writer.write(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")

    async with listening(talk) as port:
        archive = archives(f"imap://127.0.0.1:{port}", folders=["INBOX"])
        key = Correspondent("garbled@example.com", "0010001")
        (page,) = await archive.messages_by_address([key], ALL)
        assert await archive.message_counts_by_address([key]) == [3]
    third, second, first = page.items
    assert isinstance(first, MessageRecord)
    assert (first.subject, first.body) == ("whole", "x = ")
    for broken, name in ((third, "message 1-3-INBOX"), (second, "message 1-2-INBOX")):
        assert isinstance(broken, MalformedRecord)
        assert broken.record == name
