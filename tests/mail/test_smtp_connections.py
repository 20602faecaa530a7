"""Connections to an SMTP server: kept, replaced, encrypted, and never trusted with a mail twice."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from connectors.errors import UpstreamRejected, UpstreamTimeout, UpstreamUnavailable
from connectors.mail.port import SENDER, OutgoingMail
from connectors.mail.smtp import SmtpSender
from tests.connectors.canned import Talk, listening
from tests.harness.mail_servers import Certificates
from tests.harness.processes import free_ports

Senders = Callable[..., SmtpSender]


@pytest.fixture
async def senders() -> AsyncIterator[Senders]:
    made: list[SmtpSender] = []

    def make(url: str, **given: Any) -> SmtpSender:
        settings: dict[str, Any] = {
            "sender": "portal@example.com",
            "sender_name": "Portal",
            "timeout": 10,
        } | given
        made.append(SmtpSender("smtp", url, **settings))
        return made[-1]

    yield make
    for sender in made:
        await sender.close()


def mail(to: str = "a@example.com", **rest: Any) -> OutgoingMail:
    return OutgoingMail(to, "Zażółć", "Tekst\n", "<p>Tekst</p>\n", **rest)


@dataclass
class Desk:
    """What a server heard: commands by connection, mails that it took. `drop_at` hangs up on a command."""

    heard: list[list[str]] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    silent_at: str = ""

    def talk(self) -> Talk:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            commands: list[str] = []
            self.heard.append(commands)
            writer.write(b"220 test\r\n")
            while line := await reader.readline():
                command = line.decode().split()[0]
                commands.append(command)
                if command == self.silent_at:
                    await reader.read()
                    return
                answer = self.answers.get(command, "250 fine")
                if answer == "hang up":
                    return
                if command == "DATA" and answer == "250 fine":
                    writer.write(b"354 go on\r\n")
                    self.taken.append(await reader.readuntil(b"\r\n.\r\n"))
                    answer = self.answers.get(".", answer)
                    if answer == "hang up":
                        return
                writer.write(answer.encode() + b"\r\n")

        return talk


async def test_a_connection_serves_many_mails(senders: Senders) -> None:
    desk = Desk()
    async with listening(desk.talk()) as port:
        sender = senders(f"smtp://127.0.0.1:{port}")
        for _ in range(3):
            await sender.send(mail())
        await sender.health()
        await sender.close()
    conversation = ["MAIL", "RCPT", "DATA"]
    assert desk.heard == [
        ["EHLO", *conversation, "RSET", *conversation, "RSET", *conversation, "RSET", "NOOP", "QUIT"]
    ]


async def test_no_more_than_four_at_a_time(senders: Senders) -> None:
    desk = Desk()
    async with listening(desk.talk()) as port:
        sender = senders(f"smtp://127.0.0.1:{port}")
        await asyncio.gather(*(sender.send(mail()) for _ in range(20)))
        await sender.close()
    assert len(desk.heard) <= 4
    assert len(desk.taken) == 20


@pytest.mark.parametrize("answer", ["hang up", "421 closing", "500 what?"])
async def test_a_dropped_connection_is_noticed_before_the_mail_is_at_risk(
    answer: str, senders: Senders
) -> None:
    desk = Desk(answers={"RSET": answer})
    async with listening(desk.talk()) as port:
        sender = senders(f"smtp://127.0.0.1:{port}")
        await sender.send(mail(key="first"))
        await sender.send(mail(key="second"))
    assert [connection[:2] for connection in desk.heard] == [["EHLO", "MAIL"]] * 2
    assert len(desk.taken) == 2


@pytest.mark.parametrize("at", [".", "DATA", "MAIL"])
async def test_a_mail_whose_fate_is_unknown_is_not_sent_again(at: str, senders: Senders) -> None:
    """Here: who promised it tries again, under the same Message-ID."""
    desk = Desk(answers={at: "hang up"})
    async with listening(desk.talk()) as port:
        sender = senders(f"smtp://127.0.0.1:{port}")
        for _ in range(2):
            with pytest.raises(UpstreamUnavailable):
                await sender.send(mail(key="0123abcd"))
    assert len(desk.heard) == 2
    names = {re.search(rb"Message-ID: (\S+)", content)[1] for content in desk.taken}  # type: ignore[index]
    assert names == ({b"<0123abcd@example.com>"} if at == "." else set())


async def test_a_connection_is_not_used_again_after_an_error(senders: Senders) -> None:
    desk = Desk(silent_at="DATA")
    async with listening(desk.talk()) as port:
        sender = senders(f"smtp://127.0.0.1:{port}", timeout=0.3)
        with pytest.raises(UpstreamTimeout):
            await sender.send(mail())
        desk.silent_at = ""
        await sender.send(mail())
    assert len(desk.heard) == 2


@pytest.mark.parametrize(
    ("at", "answer", "error", "reason"),
    [
        ("RCPT", "550 no such user", UpstreamRejected, ""),
        ("RCPT", "450 greylisted", UpstreamUnavailable, ""),
        (".", "554 spam", UpstreamRejected, ""),
        (".", "452 disk full", UpstreamUnavailable, ""),
        ("MAIL", "553 not your address", UpstreamRejected, SENDER),
        ("MAIL", "421 too busy", UpstreamUnavailable, ""),
    ],
)
async def test_what_is_final_and_what_is_not(
    at: str, answer: str, error: type[Exception], reason: str, senders: Senders
) -> None:
    desk = Desk(answers={at: answer})
    async with listening(desk.talk()) as port:
        with pytest.raises(error) as refused:
            await senders(f"smtp://127.0.0.1:{port}").send(mail())
    if isinstance(refused.value, UpstreamRejected):
        assert (refused.value.status, refused.value.reason) == (int(answer[:3]), reason)


class Inbox:
    """aiosmtpd's handler: keeps what came."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert session.authenticated
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        return "250 OK"


def authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
) -> AuthResult:
    return AuthResult(success=data.login == b"portal" and data.password == b"p@ss:w/rd")


@asynccontextmanager
async def guarded(certificates: Certificates) -> AsyncIterator[tuple[int, Inbox]]:
    """A server that takes mails from `portal` only, over TLS from the start."""
    (port,) = free_ports(1)
    inbox = Inbox()
    controller = Controller(
        inbox, hostname="127.0.0.1", port=port, authenticator=authenticate, auth_require_tls=False,
        ssl_context=certificates.server_context(),
    )  # fmt: skip
    controller.start()
    try:
        yield port, inbox
    finally:
        controller.stop()


LOGIN = "portal:p%40ss%3Aw%2Frd"


async def test_tls_from_the_start(certificates: Certificates, senders: Senders) -> None:
    async with guarded(certificates) as (port, inbox):
        url = f"smtps://{LOGIN}@localhost:{port}"
        sender = senders(url, ca_file=certificates.authority)
        for _ in range(2):
            await sender.send(mail())
        assert len(inbox.mails) == 2
        with pytest.raises(UpstreamUnavailable, match="its certificate is not trusted"):
            await senders(url).send(mail())
        await sender.close()


async def test_no_password_is_given_away_in_clear(senders: Senders) -> None:
    """Whoever strikes STARTTLS from what the server offers hears no password."""
    desk = Desk(answers={"EHLO": "250-test\r\n250 AUTH PLAIN LOGIN"})
    async with listening(desk.talk()) as port:
        with pytest.raises(UpstreamUnavailable, match="it does not offer STARTTLS"):
            await senders(f"smtp+starttls://{LOGIN}@localhost:{port}").send(mail())
    assert desk.heard == [["EHLO"]]


async def test_within_this_machine_a_password_may_go_in_clear(senders: Senders) -> None:
    desk = Desk(answers={"EHLO": "250-test\r\n250 AUTH PLAIN", "AUTH": "235 welcome"})
    async with listening(desk.talk()) as port:
        await senders(f"smtp://{LOGIN}@127.0.0.1:{port}").send(mail())
    assert desk.heard[0][:2] == ["EHLO", "AUTH"]
