"""The mail archive over the REST contract, as the sandbox serves it, keeps the contract."""

import dataclasses
import smtplib
from collections.abc import AsyncIterator, Sequence

import pytest

from connectors.contract_tests.contract import Elsewhere
from connectors.contract_tests.data.mail import MAILS, MailData
from connectors.contract_tests.mail import MailArchiveContract
from connectors.mail.archive import RestMailArchive
from connectors.mail.port import MailArchive, MessageDirection
from tests.connectors.clients import Connect, connecting
from tests.harness.processes import API_KEY, Sandbox


@pytest.fixture(scope="module")
def delivered(backoffice: Sandbox) -> MailData:
    """The mails as the sandbox takes them in: sent now, and outbound since it knows none of the senders."""
    with smtplib.SMTP("127.0.0.1", backoffice.smtp_port, timeout=30) as smtp:
        for each in MAILS.messages:
            smtp.send_message(each.as_mime())
    messages = [
        dataclasses.replace(each, sent_at=None, direction=MessageDirection.OUTBOUND)
        for each in MAILS.messages
    ]
    return dataclasses.replace(MAILS, messages=tuple(messages))


class TestRest(
    MailArchiveContract,
    lacks={"test_a_malformed_message_is_its_own_error": "the sandbox's mails can all be read"},
):
    """The REST contract."""

    @pytest.fixture
    async def connect(self) -> AsyncIterator[Connect]:
        async with connecting("mail") as connect:
            yield connect

    @pytest.fixture
    def data(self, delivered: MailData) -> MailData:
        return delivered

    @pytest.fixture
    def port(self, connect: Connect, backoffice: Sandbox) -> MailArchive:
        return RestMailArchive(connect(backoffice.url, API_KEY, 10))

    @pytest.fixture
    def refused(self, connect: Connect, backoffice: Sandbox) -> MailArchive:
        return RestMailArchive(connect(backoffice.url, "wrong", 10))

    @pytest.fixture
    def elsewhere(self, connect: Connect) -> Elsewhere[MailArchive]:
        return lambda port, timeout: RestMailArchive(connect(f"http://127.0.0.1:{port}", API_KEY, timeout))

    @pytest.fixture
    def credentials(self, backoffice: Sandbox, data: MailData) -> Sequence[str]:
        (key, *_) = data.correspondents
        question = {"keys": [{"address": key.address, "clientNumber": key.client_number}], "first": 100}
        items = backoffice.ask("POST", "/mail/v1/list", question)["results"][0]["items"]
        secrets = {each.subject for each in data.messages if each.credential}
        return [each["id"] for each in items if each["subject"] in secrets]
