"""The IMAP archive over Dovecot keeps the contract."""

import dataclasses
from collections.abc import Sequence

import pytest

from connectors.contract_tests.contract import Call, Elsewhere
from connectors.contract_tests.data.mail import MAILS, MailData
from connectors.contract_tests.mail import SOME, MailArchiveContract
from connectors.mail.port import MailArchive
from tests.harness.mail_servers import Dovecot
from tests.mail.conftest import Archives
from tests.mail.mails import mailbox, put


@pytest.fixture(scope="module")
def filled(dovecot: Dovecot) -> MailData:
    """Sizes are told from encoded ones: exactly where the last group of base64 is full."""
    messages = tuple(
        dataclasses.replace(
            each,
            attachments=tuple(
                (name, kind, content[: len(content) // 3 * 3]) for name, kind, content in each.attachments
            ),
        )
        for each in MAILS.messages
    )
    put(
        dovecot,
        *(each.as_mime() for each in messages),
        at=[each.sent_at for each in messages if each.sent_at],
    )
    return dataclasses.replace(MAILS, messages=messages)


class TestImap(
    MailArchiveContract,
    lacks={"test_a_malformed_message_is_its_own_error": "Dovecot reads any; test_imap.py garbles one"},
):
    def reads(self, port: MailArchive, data: MailData) -> Sequence[Call]:
        """An id that is none of ours is asked nobody for."""
        return (
            lambda: port.messages_by_address(data.correspondents, SOME),
            lambda: port.message_counts_by_address(data.correspondents),
            lambda: port.messages_by_id(["1-1-INBOX"]),
        )

    @pytest.fixture
    def data(self, filled: MailData) -> MailData:
        return filled

    @pytest.fixture
    def port(self, archives: Archives) -> MailArchive:
        return archives(own_domains=["example.com"])

    @pytest.fixture
    def refused(self, archives: Archives, dovecot: Dovecot) -> MailArchive:
        return archives(f"imaps://archive:wrong@localhost:{dovecot.tls_port}")

    @pytest.fixture
    def unreachable(self, archives: Archives) -> MailArchive:
        return archives("imap://127.0.0.1:9")

    @pytest.fixture
    def elsewhere(self, archives: Archives) -> Elsewhere[MailArchive]:
        return lambda port, timeout: archives(f"imap://127.0.0.1:{port}", timeout=timeout)

    @pytest.fixture
    def credentials(self, dovecot: Dovecot, data: MailData) -> Sequence[str]:
        assert any(each.credential for each in data.messages)
        with mailbox(dovecot) as connection:
            connection.select(readonly=True)
            validity = connection.response("UIDVALIDITY")[1][0].decode()
            uids = connection.uid("SEARCH", None, "SUBJECT", '"Kod PIN"')[1][0].split()  # type: ignore[arg-type]
        return [f"{validity}-{uid.decode()}-INBOX" for uid in uids]
