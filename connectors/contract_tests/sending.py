"""What every mail sender keeps: see `connectors.mail.port.MailSender`."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TypeAlias

import msgspec
import pytest

from connectors.contract_tests.contract import GIVE_UP, SHORT, Call, Contract, Elsewhere
from connectors.contract_tests.servers import listening, silence
from connectors.errors import InvalidMail, UpstreamRejected, UpstreamUnavailable
from connectors.mail.port import CREDENTIAL_HEADER, SENDER, MailSender, OutgoingMail

TEXT = "Dzień dobry,\n\nzażółć gęślą jaźń. Kod: 1234 5678.\n.\n..kropki\nFrom nikogo\n" + "ż" * 2000 + "\n"
HTML = "<p>Dzień <b>dobry</b>, zażółć &amp; gęślą — jaźń</p>\n"
MAIL = OutgoingMail("klient@example.com", "Zażółć gęślą jaźń", TEXT, HTML)
VICTIM = "ofiara@example.com"
BREAKS = ("\r\nBcc: ofiara@example.com", "\nBcc: ofiara@example.com", "\rX: y", "\r\n\r\nbody", "\n")
NO_ADDRESSES = (
    "", " ", "nobody", "@example.com", "a@b@example.com", "a@example.com, b@example.com", "<a@example.com>",
)  # fmt: skip
HALF = "\ud83d"  # of a character


@dataclass(frozen=True)
class Arrived:
    """A mail as its recipient has it: headers by lower-case name, both texts with \\n."""

    headers: Mapping[str, str]
    text: str
    html: str

    @classmethod
    def parsed(cls, content: bytes) -> "Arrived":
        """Of a message (RFC 5322)."""
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        headers = {name.lower(): str(value) for name, value in message.items()}
        return cls(headers, _body(message, "plain"), _body(message, "html"))


Arrivals: TypeAlias = Callable[[str, int], Awaitable[Sequence[Arrived]]]


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def somebody() -> str:
    """An address that no other test has."""
    return f"klient-{secrets.token_hex(6)}@example.com"


def mail(to: str, subject: str = MAIL.subject, text: str = TEXT, html: str = HTML) -> OutgoingMail:
    """One to an address, in other words if need be."""
    return OutgoingMail(to, subject, text, html)


class MailSenderContract(Contract[MailSender, OutgoingMail]):
    """Run over a mail server that takes mail for example.com."""

    @pytest.fixture
    def data(self) -> OutgoingMail:
        """A mail that is taken."""
        return MAIL

    @pytest.fixture
    def arrivals(self) -> Arrivals:
        """Gives the mails that came to an address once there are as many as this; fewer are an error."""
        raise NotImplementedError("give a fixture `arrivals`")

    @pytest.fixture
    def put_off(self) -> str:
        """An address for which the server takes the next mail later: a 4xx of SMTP."""
        raise NotImplementedError("give a fixture `put_off`")

    @pytest.fixture
    def turned_away(self) -> str:
        """An address for which the server doesn't take the next mail: a 5xx of SMTP."""
        raise NotImplementedError("give a fixture `turned_away`")

    def reads(self, port: MailSender, data: OutgoingMail) -> Sequence[Call]:
        """Nothing is read here; what is done is sending."""
        return (lambda: port.send(data),)

    async def test_a_mail_arrives_whole(self, port: MailSender, arrivals: Arrivals) -> None:
        to, subject = somebody(), "Przypomnienie o płatności — " + "żółć " * 60 + "🐢 終"
        await port.send(mail(to, subject))
        (arrived,) = await arrivals(to, 1)
        assert arrived.headers["to"] == to
        assert arrived.headers["subject"] == subject
        assert (arrived.text, arrived.html) == (TEXT, HTML)
        assert arrived.headers["content-type"].startswith("multipart/alternative")
        assert CREDENTIAL_HEADER.lower() not in arrived.headers

    async def test_only_a_credential_is_marked_as_one(self, port: MailSender, arrivals: Arrivals) -> None:
        to = somebody()
        await port.send(msgspec.structs.replace(mail(to), credential=True))
        (arrived,) = await arrivals(to, 1)
        assert arrived.headers[CREDENTIAL_HEADER.lower()]

    async def test_a_mail_tried_again_is_known_by_its_key(self, port: MailSender, arrivals: Arrivals) -> None:
        to, key = somebody(), secrets.token_hex(16)
        for _ in range(2):
            await port.send(msgspec.structs.replace(mail(to), key=key))
        (name,) = {each.headers["message-id"] for each in await arrivals(to, 2)}
        other = somebody()
        for each in (key[::-1], "", ""):
            await port.send(msgspec.structs.replace(mail(other), key=each))
        names = {each.headers["message-id"] for each in await arrivals(other, 3)}
        assert len({name, *names}) == 4

    async def test_later_is_not_never(self, port: MailSender, data: OutgoingMail, put_off: str) -> None:
        with pytest.raises(UpstreamUnavailable) as error:
            await port.send(mail(put_off))
        assert put_off not in str(error.value)
        await port.send(data)

    async def test_a_refusal_is_final(self, port: MailSender, data: OutgoingMail, turned_away: str) -> None:
        with pytest.raises(UpstreamRejected) as error:
            await port.send(mail(turned_away))
        assert error.value.reason != SENDER
        assert turned_away not in str(error.value)
        await port.send(data)

    async def test_that_we_are_refused_is_not_the_mail_s_fault(
        self, refused: MailSender, data: OutgoingMail
    ) -> None:
        """Mails wait until it is mended."""
        with pytest.raises(UpstreamRejected) as error:
            await refused.send(data)
        assert error.value.reason == SENDER

    async def test_no_header_is_injected(self, port: MailSender, arrivals: Arrivals) -> None:
        to = somebody()
        for broken in BREAKS:
            for bad in (mail(f"{to}{broken}"), mail(f"{broken}{to}"), mail(to, f"Faktura{broken}")):
                with pytest.raises(InvalidMail) as error:
                    await port.send(bad)
                assert to not in str(error.value)
        text = f"Bcc: {VICTIM}\nSubject: other\n\n.\nRCPT TO:<{VICTIM}>\n"
        await port.send(mail(to, text=text, html=text))
        (arrived,) = await arrivals(to, 1)
        assert (arrived.text, arrived.html) == (text, text)
        assert await arrivals(VICTIM, 0) == []

    async def test_of_a_bad_mail_no_server_hears(self, unreachable: MailSender) -> None:
        bad = [mail(each) for each in NO_ADDRESSES]
        bad += [mail(MAIL.to, HALF), mail(MAIL.to, text=HALF), mail(MAIL.to, html=HALF)]
        for each in bad:
            with pytest.raises(InvalidMail):
                await unreachable.send(each)

    async def test_it_takes_leave(self, port: MailSender, data: OutgoingMail) -> None:
        """Twice is harmless."""
        await port.send(data)
        async with asyncio.timeout(GIVE_UP):
            await port.close()
            await port.close()

    async def test_it_takes_leave_of_a_server_that_hangs(
        self, elsewhere: Elsewhere[MailSender], data: OutgoingMail
    ) -> None:
        async with listening(silence) as number:
            port = elsewhere(number, SHORT)
            await asyncio.gather(port.send(data), return_exceptions=True)
            async with asyncio.timeout(GIVE_UP):
                await port.close()
