"""Sending over SMTP keeps the contract: to the sandbox, and through a real Postfix into a real Dovecot."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from connectors.contract_tests.contract import Elsewhere
from connectors.contract_tests.sending import Arrivals, Arrived, MailSenderContract
from connectors.mail.port import MailSender
from connectors.mail.smtp import SmtpSender
from tests.harness.mail_servers import Certificates, Dovecot, Postfix, until
from tests.harness.processes import Sandbox
from tests.mail.conftest import CREDENTIALS, Senders
from tests.mail.mails import OFFICE, mailbox

Relay = Callable[[str], SmtpSender]
NO_PASSWORD = "the sandbox asks for no password; Postfix does"


class TestSandbox(
    MailSenderContract,
    lacks={
        "test_a_wrong_key_is_refused": NO_PASSWORD,
        "test_that_we_are_refused_is_not_the_mail_s_fault": NO_PASSWORD,
    },
):
    """Without encryption, as within one machine."""

    @pytest.fixture
    def elsewhere(self, senders: Senders) -> Elsewhere[MailSender]:
        return lambda port, timeout: senders(f"smtp://127.0.0.1:{port}", timeout=timeout)

    @pytest.fixture
    def port(self, senders: Senders, backoffice: Sandbox) -> SmtpSender:
        return senders(f"smtp://127.0.0.1:{backoffice.smtp_port}")

    @pytest.fixture
    def arrivals(self, backoffice: Sandbox) -> Arrivals:
        async def arrivals(to: str, _count: int) -> Sequence[Arrived]:
            question = {"keys": [{"address": to, "clientNumber": "0010001"}], "first": 100}
            items = backoffice.ask("POST", "/mail/v1/list", question)["results"][0]["items"]
            shown = backoffice.mails(to)
            return [
                Arrived(item["headers"], body["text"], body["html"])
                for item, body in zip(items, shown, strict=True)
            ]

        return arrivals

    @pytest.fixture
    def put_off(self, backoffice: Sandbox) -> str:
        return refusing(backoffice, 451)

    @pytest.fixture
    def turned_away(self, backoffice: Sandbox) -> str:
        return refusing(backoffice, 550)


def refusing(backoffice: Sandbox, code: int) -> str:
    """Any address, since the sandbox refuses one mail, to whomever it is."""
    backoffice.ask("PUT", "/sandbox/smtp-faults", {"code": code, "times": 1})
    return "nikt@example.com"


class TestPostfix(MailSenderContract):
    """With STARTTLS and a password."""

    @pytest.fixture
    def elsewhere(self, senders: Senders) -> Elsewhere[MailSender]:
        url = f"smtp+starttls://{CREDENTIALS}@127.0.0.1"
        return lambda port, timeout: senders(f"{url}:{port}", timeout=timeout)

    @pytest.fixture
    def relay(self, senders: Senders, postfix: Postfix, certificates: Certificates) -> Relay:
        def relay(login: str) -> SmtpSender:
            return senders(
                f"smtp+starttls://{login}@localhost:{postfix.port}",
                sender=OFFICE, ca_file=certificates.authority, timeout=20,
            )  # fmt: skip

        return relay

    @pytest.fixture
    def port(self, relay: Relay) -> MailSender:
        return relay(CREDENTIALS)

    @pytest.fixture
    def refused(self, relay: Relay) -> MailSender:
        return relay("archive:wrong")

    @pytest.fixture
    def arrivals(self, dovecot: Dovecot) -> Arrivals:
        async def arrivals(to: str, count: int) -> Sequence[Arrived]:
            def look() -> Sequence[Arrived]:
                until(lambda: len(delivered(dovecot, to)) >= count, f"{count} mails to {to}")
                return [Arrived.parsed(each) for each in delivered(dovecot, to)]

            return await asyncio.to_thread(look)

        return arrivals

    @pytest.fixture
    def put_off(self) -> str:
        return "later@example.com"

    @pytest.fixture
    def turned_away(self) -> str:
        return "refused@example.com"


def delivered(dovecot: Dovecot, to: str) -> list[bytes]:
    """The mails to an address, whole."""
    with mailbox(dovecot) as connection:
        connection.select(readonly=True)
        (found,) = connection.uid("SEARCH", None, "TO", f'"{to}"')[1]  # type: ignore[arg-type]
        mails = []
        for uid in (found or b"").split():
            content = connection.uid("FETCH", uid.decode(), "BODY.PEEK[]")[1]
            mails += [part[1] for part in content if isinstance(part, tuple)]
        return mails
