"""Through a real Postfix into a real Dovecot, and back into the graph."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.erp.queries import Slice
from connectors.errors import UpstreamRejected, UpstreamUnavailable
from connectors.mail.port import SENDER, Correspondent, OutgoingMail
from connectors.mail.smtp import SmtpSender
from tests.harness.mail_servers import GIVE_UP_SECONDS, Certificates, Dovecot, Postfix, until
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox
from tests.mail.conftest import CREDENTIALS, Archives, imaps
from tests.mail.mails import OFFICE, mail, mailbox, put

SUBJECT = "Zażółć gęślą jaźń — faktura nr 7"
LOGIN = "0010002"
CORRESPONDENCE = """{ viewer { clients(first: 1) { nodes { correspondence(first: 50) { totalCount
  nodes { subject direction from to body source { system } attachments { fileName mimeType size } }
  } } } } }"""


def relay(postfix: Postfix, certificates: Certificates, url: str = "") -> SmtpSender:
    return SmtpSender(
        "relay",
        url or f"smtp+starttls://{CREDENTIALS}@localhost:{postfix.port}",
        sender=OFFICE,
        sender_name="Kompas Leasing",
        timeout=20,
        ca_file=certificates.authority,
    )


def letter(to: str, **rest: Any) -> OutgoingMail:
    return OutgoingMail(to, SUBJECT, "Zażółć żółwia.\n", "<p>Zażółć żółwia.</p>\n", **rest)


def delivered(dovecot: Dovecot, to: str) -> list[str]:
    """The texts of mails to an address, credentials too, newest first."""
    with mailbox(dovecot) as connection:
        connection.select(readonly=True)
        (found,) = connection.uid("SEARCH", None, "TO", f'"{to}"')[1]  # type: ignore[arg-type]
        texts = []
        for uid in reversed((found or b"").split()):
            content = connection.uid("FETCH", uid.decode(), "BODY.PEEK[1]")[1]
            texts.append(b"".join(part[1] for part in content if isinstance(part, tuple)).decode())
        return texts


class Delivered(Sandbox):
    """The back office of a person whose mails come to Dovecot."""

    def __init__(self, backoffice: Sandbox, dovecot: Dovecot) -> None:
        self._backoffice, self._dovecot = backoffice, dovecot

    def ask(self, *question: Any, **rest: Any) -> Any:
        return self._backoffice.ask(*question, **rest)

    def mails(self, to: str) -> list[dict[str, str]]:
        return [{"text": text} for text in delivered(self._dovecot, to)]


@pytest.fixture(scope="module")
def mailed(
    tmp_path_factory: pytest.TempPathFactory,
    backoffice: Sandbox,
    dovecot: Dovecot,
    postfix: Postfix,
    certificates: Certificates,
) -> Iterator[Gateway]:
    """A gateway that sends by Postfix and reads from Dovecot."""
    folder = tmp_path_factory.mktemp("mailed")
    (folder / "leasegraph.toml").write_text(f"""
        [systems.relay]
        kind = "smtp"
        url = "smtp+starttls://{CREDENTIALS}@localhost:{postfix.port}"
        ca_file = "{certificates.authority}"

        [systems.mailbox]
        kind = "imap"
        url = "{imaps(dovecot)}"
        folders = ["INBOX", "Sent"]
        timeout = 20
        ca_file = "{certificates.authority}"

        [sources]
        sending = "relay"
        mail = "mailbox"
        """)
    gateway = Gateway(folder, backoffice, CONFIG=folder / "leasegraph.toml")
    yield gateway
    assert gateway.process.stop() == 0


@pytest.fixture
def person(mailed: Gateway, backoffice: Sandbox, dovecot: Dovecot) -> Iterator[Person]:
    with Person(mailed, Delivered(backoffice, dovecot)) as somebody:
        yield somebody


def correspondence(person: Person) -> dict[str, Any]:
    (client,) = person.data(CORRESPONDENCE)["viewer"]["clients"]["nodes"]
    found: dict[str, Any] = client["correspondence"]
    return found


async def test_a_mail_comes_back_as_correspondence(
    person: Person, postfix: Postfix, dovecot: Dovecot, certificates: Certificates
) -> None:
    """And the PIN that came the same way does not."""
    person.enter(LOGIN)
    address = person.email(LOGIN)
    sender = relay(postfix, certificates)
    await sender.send(letter(address))
    await sender.close()
    answer = mail(address, OFFICE, "Re: " + SUBJECT, "Dziękuję.\n")
    answer.add_attachment(b"x" * 30, maintype="application", subtype="pdf", filename="umowa żółta.pdf")
    put(dovecot, answer)  # from the client, not to it
    until(lambda: correspondence(person)["totalCount"] >= 2, "the mail")
    assert person.pins(LOGIN), "the PIN is in the mailbox"
    found = correspondence(person)
    assert found["totalCount"] == 2
    by_subject = {each["subject"]: each for each in found["nodes"]}
    sent, received = by_subject[SUBJECT], by_subject["Re: " + SUBJECT]
    assert (sent["direction"], received["direction"]) == ("OUTBOUND", "INBOUND")
    assert (sent["from"], sent["to"]) == ("b•••@leasing.example.com", "e•••@example.com")
    assert sent["body"] == "Zażółć żółwia.\n"
    assert sent["source"] == {"system": "mailbox"}
    assert received["attachments"] == [
        {"fileName": "umowa żółta.pdf", "mimeType": "application/pdf", "size": 30}
    ]


def test_a_pin_is_not_lost_while_postfix_is_away(person: Person, postfix: Postfix) -> None:
    login = "0010003"
    postfix.stop()
    assert person.submit("/first-login", login=login).status_code == 303
    fields = {"password": "Zielone-Jabłko7", "password_again": "Zielone-Jabłko7"}
    assert person.submit("/first-login", **fields).status_code == 303
    time.sleep(1)  # so that it is tried, and not only late
    postfix.start()
    pin = person.pin(login, seconds=GIVE_UP_SECONDS)
    assert person.submit("/first-login", pin=pin).status_code == 303
    person.log_in(login)
    assert len(person.pins(login)) == 1


async def test_what_postfix_refuses(postfix: Postfix, certificates: Certificates) -> None:
    sender = relay(postfix, certificates)
    with pytest.raises(UpstreamRejected) as refused:
        await sender.send(letter("refused@example.com"))
    assert (refused.value.status, refused.value.reason) == (554, "")
    with pytest.raises(UpstreamUnavailable):
        await sender.send(letter("later@example.com"))
    await sender.send(letter("taken@example.com"))
    await sender.close()
    wrong = relay(postfix, certificates, f"smtp+starttls://archive:wrong@localhost:{postfix.port}")
    with pytest.raises(UpstreamRejected) as refused:
        await wrong.send(letter("a@example.com"))
    assert (refused.value.status, refused.value.reason) == (535, SENDER)
    assert "wrong" not in str(refused.value)


async def test_pooled_connections_outlive_postfix_and_double_nothing(
    postfix: Postfix, dovecot: Dovecot, certificates: Certificates, archives: Archives
) -> None:
    sender, to = relay(postfix, certificates), "pooled@example.com"
    for number in range(3):
        await sender.send(letter(to, key=f"pooled{number}"))
        if number == 1:
            postfix.stop()
            postfix.start()
    await sender.close()
    until(lambda: len(delivered(dovecot, to)) >= 3, "three mails")
    (page,) = await archives().messages_by_address([Correspondent(to, "1")], Slice(10))
    assert len(page.items) == 3
    assert postfix.log.count("message-id=<pooled") == 3
