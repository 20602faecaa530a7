"""Sending over real SMTP: what arrives, how failures are told apart, and that headers can't be injected."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from connectors import deadline
from connectors.errors import InvalidMail, UpstreamRejected, UpstreamTimeout, UpstreamUnavailable
from connectors.mail.port import CREDENTIAL_HEADER, OutgoingMail
from connectors.mail.smtp import SmtpSender
from tests.connectors.canned import Talk, listening, silence
from tests.harness.processes import Sandbox, free_ports

TEXT = "Dzień dobry,\n\nzażółć gęślą jaźń. Kod: 1234 5678.\n.\n..kropki\nFrom nikogo\n" + "ż" * 2000 + "\n"
HTML = "<p>Dzień <b>dobry</b>, zażółć &amp; gęślą — jaźń</p>\n"


def mail(to: str = "smtp@example.com", subject: str = "Zażółć gęślą jaźń", **rest: Any) -> OutgoingMail:
    return OutgoingMail(to, subject, TEXT, HTML, **rest)


_opened: list[SmtpSender] = []


@pytest.fixture(autouse=True)
async def closed() -> AsyncIterator[None]:
    """Whatever a test opened."""
    yield
    while _opened:
        await _opened.pop().close()


def sender(port: int, **rest: Any) -> SmtpSender:
    given: dict[str, Any] = {
        "sender": "portal@example.com",
        "sender_name": "Łódzki Leasing, „Żółw”",
        "timeout": 5,
    } | rest
    _opened.append(SmtpSender("smtp", f"smtp://127.0.0.1:{port}", **given))
    return _opened[-1]


def archived(sandbox: Sandbox, address: str) -> list[dict[str, Any]]:
    """With all headers, as the archive keeps them."""
    question = {"keys": [{"address": address, "clientNumber": "0010001"}], "first": 100}
    items: list[dict[str, Any]] = sandbox.ask("POST", "/mail/v1/list", question)["results"][0]["items"]
    return items


async def test_what_arrives(switched: Sandbox) -> None:
    await sender(switched.smtp_port).send(mail("smtp-1@example.com"))
    (stored,) = archived(switched, "smtp-1@example.com")
    headers = stored["headers"]
    assert headers["from"] == '"Łódzki Leasing, „Żółw”" <portal@example.com>'
    assert headers["to"] == "smtp-1@example.com"
    assert headers["subject"] == stored["subject"] == "Zażółć gęślą jaźń"
    assert headers["auto-submitted"] == "auto-generated"
    assert re.fullmatch(r"<[^<>@\s]+@example\.com>", headers["message-id"])
    date = parsedate_to_datetime(headers["date"])
    assert date.utcoffset() is not None
    assert abs(datetime.now(UTC) - date) < timedelta(minutes=1)
    assert CREDENTIAL_HEADER.lower() not in headers
    assert headers["content-type"].startswith("multipart/alternative")
    (shown,) = switched.mails("smtp-1@example.com")
    assert shown["text"] == TEXT
    assert shown["html"] == HTML
    assert stored["attachments"] == []


async def test_each_mail_has_its_own_message_id(switched: Sandbox) -> None:
    for _ in range(2):
        await sender(switched.smtp_port).send(mail("smtp-2@example.com"))
    first, second = [each["headers"]["message-id"] for each in archived(switched, "smtp-2@example.com")]
    assert first != second


async def test_only_a_credential_is_marked_as_one(switched: Sandbox) -> None:
    await sender(switched.smtp_port).send(mail("smtp-3@example.com", credential=True))
    (stored,) = archived(switched, "smtp-3@example.com")
    assert stored["headers"][CREDENTIAL_HEADER.lower()] == "yes"


async def test_long_subjects_and_other_alphabets(switched: Sandbox) -> None:
    subject = "Przypomnienie o płatności — " + "żółć " * 60 + "🐢 終"
    await sender(switched.smtp_port).send(mail("smtp-4@example.com", subject))
    (stored,) = archived(switched, "smtp-4@example.com")
    assert stored["subject"] == subject


async def test_health(switched: Sandbox) -> None:
    await sender(switched.smtp_port).health()


@pytest.mark.parametrize(
    ("code", "error"), [(451, UpstreamUnavailable), (550, UpstreamRejected)], ids=["451", "550"]
)
async def test_refusals(code: int, error: type[Exception], switched: Sandbox) -> None:
    switched.ask("PUT", "/sandbox/smtp-faults", {"code": code, "times": 1})
    with pytest.raises(error) as refused:
        await sender(switched.smtp_port).send(mail("smtp-5@example.com"))
    assert "smtp-5" not in str(refused.value)
    if isinstance(refused.value, UpstreamRejected):
        assert refused.value.status == 550
    assert switched.mails("smtp-5@example.com") == []
    await sender(switched.smtp_port).send(mail(f"smtp-5-{code}@example.com"))
    assert len(switched.mails(f"smtp-5-{code}@example.com")) == 1, "it is asked again, and delivers"


async def test_nobody_listens() -> None:
    (port,) = free_ports(1)
    for act in (sender(port).health(), sender(port).send(mail())):
        with pytest.raises(UpstreamUnavailable) as error:
            await act
        assert str(port) not in str(error.value)


async def slow(sender: SmtpSender) -> float:
    began = time.monotonic()
    with pytest.raises(UpstreamTimeout):
        await sender.send(mail())
    return time.monotonic() - began


async def test_a_server_that_never_speaks() -> None:
    async with listening(silence) as port:
        assert await slow(sender(port, timeout=0.3)) < 4


def smtp(*, silent_at: bytes = b"", refuse: bytes = b"") -> Talk:
    """A server that falls silent at a command, or hangs up at it."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 test\r\n")
        while line := await reader.readline():
            if silent_at and line.startswith(silent_at):
                await silence(reader, writer)
                return
            if refuse and line.startswith(refuse):
                return
            if line.startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 fine\r\n")

    return talk


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA"])
async def test_a_server_that_falls_silent(command: str) -> None:
    """Neither our timeout nor an outer deadline is outlived by taking leave."""
    async with listening(smtp(silent_at=command.encode())) as port:
        assert await slow(sender(port, timeout=0.3)) < 4
        with deadline.within(0.2):
            assert await slow(sender(port)) < 4


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA"])
async def test_a_server_that_hangs_up(command: str) -> None:
    async with listening(smtp(refuse=command.encode())) as port:
        with pytest.raises(UpstreamUnavailable):
            await sender(port).send(mail())


@pytest.mark.parametrize("how", ["silent_at", "refuse"])
async def test_an_accepted_mail_is_sent_whatever_comes_of_the_leave(how: str) -> None:
    """Else it would be sent again, and come twice."""
    async with listening(smtp(**{how: b"QUIT"})) as port:
        await sender(port, timeout=2).send(mail())


INJECTIONS = ["\r\nBcc: victim@example.com", "\nBcc: victim@example.com", "\rX: y", "\r\n\r\nbody", "\n"]


@pytest.mark.parametrize("injection", INJECTIONS, ids=repr)
async def test_no_header_is_injected(injection: str, switched: Sandbox) -> None:
    for bad in (
        mail(f"smtp-6@example.com{injection}"),
        mail(f"{injection}smtp-6@example.com"),
        mail("smtp-6@example.com", f"Faktura{injection}"),
    ):
        with pytest.raises(InvalidMail) as error:
            await sender(switched.smtp_port).send(bad)
        assert error.value.code == "MAIL_INVALID"
        assert "smtp-6" not in str(error.value)
    assert switched.mails("smtp-6@example.com") == []
    assert switched.mails("victim@example.com") == []


@pytest.mark.parametrize(
    "address",
    ["", " ", "nobody", "@example.com", "a@b@example.com", "a@example.com, b@example.com", "<a@example.com>"],
)
async def test_what_is_no_address_is_refused_here(address: str, switched: Sandbox) -> None:
    with pytest.raises(InvalidMail):
        await sender(switched.smtp_port).send(mail(address))


async def test_no_text_is_mistaken_for_headers(switched: Sandbox) -> None:
    text = "Bcc: victim@example.com\r\nSubject: other\r\n\r\n.\r\nRCPT TO:<victim@example.com>\r\n"
    await sender(switched.smtp_port).send(OutgoingMail("smtp-7@example.com", "x", text, text))
    (shown,) = switched.mails("smtp-7@example.com")
    assert shown["text"] == text.replace("\r\n", "\n")
    assert switched.mails("victim@example.com") == []


async def test_half_a_character_is_refused_here(switched: Sandbox) -> None:
    with pytest.raises(InvalidMail):
        await sender(switched.smtp_port).send(OutgoingMail("smtp-8@example.com", "x", "\ud83d", "x"))
    with pytest.raises(InvalidMail):
        await sender(switched.smtp_port).send(OutgoingMail("smtp-8@example.com", "\ud83d", "x", "x"))
