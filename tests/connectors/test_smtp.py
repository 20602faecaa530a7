"""Sending over SMTP, beyond the contract: what stands in a mail's head, and servers that break off."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from connectors import deadline
from connectors.errors import UpstreamTimeout, UpstreamUnavailable
from connectors.mail.port import OutgoingMail
from connectors.mail.smtp import SmtpSender
from tests.connectors.canned import Talk, listening, silence
from tests.harness.processes import Sandbox


def mail(to: str = "smtp@example.com") -> OutgoingMail:
    return OutgoingMail(to, "Zażółć", "Tekst\n", "<p>Tekst</p>\n")


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


async def test_the_head(backoffice: Sandbox) -> None:
    await sender(backoffice.smtp_port).send(mail("smtp-1@example.com"))
    question = {"keys": [{"address": "smtp-1@example.com", "clientNumber": "0010001"}], "first": 100}
    (stored,) = backoffice.ask("POST", "/mail/v1/list", question)["results"][0]["items"]
    headers = stored["headers"]
    assert headers["from"] == '"Łódzki Leasing, „Żółw”" <portal@example.com>'
    assert headers["auto-submitted"] == "auto-generated"
    assert re.fullmatch(r"<[^<>@\s]+@example\.com>", headers["message-id"])
    date = parsedate_to_datetime(headers["date"])
    assert date.utcoffset() is not None
    assert abs(datetime.now(UTC) - date) < timedelta(minutes=1)


async def slow(sender: SmtpSender) -> float:
    began = time.monotonic()
    with pytest.raises(UpstreamTimeout):
        await sender.send(mail())
    return time.monotonic() - began


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
