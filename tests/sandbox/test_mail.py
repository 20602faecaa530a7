"""Mail over real SMTP, and what the mailbox and the archive make of it."""

import smtplib
from email.message import EmailMessage
from typing import Any

import httpx2
import pytest

from tests.sandbox.backoffice import Sandbox

HIDDEN = "Leasegraph-Credential"


def letter(to: str, subject: str = "Zażółć gęślą jaźń", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Kompas <portal@example.com>", to, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Dzień dobry, tu treść.\n")
    return message


def send(sandbox: Sandbox, message: EmailMessage, to: list[str] | None = None) -> None:
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=5) as smtp:
        smtp.send_message(message, to_addrs=to)


def mailbox(sandbox: Sandbox, to: str, limit: int = 100) -> list[dict[str, Any]]:
    """Read without a key."""
    answer = httpx2.get(f"{sandbox.url}/mail.json", params={"to": to, "limit": limit})
    return list(answer.json())


def key(address: str, client: str = "0010001") -> dict[str, str]:
    return {"address": address, "clientNumber": client}


def archive(sandbox: Sandbox, address: str, client: str = "0010001", **rest: object) -> dict[str, Any]:
    question = {"keys": [key(address, client)], "first": 20} | rest
    return dict(sandbox.post("/mail/v1/list", question)["results"][0])


def test_a_message_comes_in(sandbox: Sandbox) -> None:
    message = letter("a@example.com, b@example.com")
    message.add_alternative("<p>Dzień <b>dobry</b></p><script>alert(1)</script>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="żółw.pdf")
    send(sandbox, message, ["a@example.com", "B@example.com"])
    [shown] = mailbox(sandbox, "a@example.com")
    assert (shown["to"], shown["from"], shown["subject"]) == (
        "a@example.com",
        "portal@example.com",
        "Zażółć gęślą jaźń",
    )
    assert shown["text"] == "Dzień dobry, tu treść.\n"
    assert shown["html"].startswith("<p>Dzień <b>dobry</b></p>")
    assert shown["received_at"].endswith("Z")
    [other] = mailbox(sandbox, "b@example.com")
    assert other["id"] == shown["id"]
    page = httpx2.get(f"{sandbox.url}/mail/{shown['id']}")
    assert "<iframe sandbox " in page.text
    assert "<script" not in page.text
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    framed = httpx2.get(f"{sandbox.url}/mail/{shown['id']}.html")
    assert framed.text == shown["html"]
    assert framed.headers["content-security-policy"].startswith("sandbox; default-src 'none';")
    assert "Zażółć gęślą jaźń" in httpx2.get(f"{sandbox.url}/mail?to=a@example.com").text
    [stored] = archive(sandbox, "a@example.com")["items"]
    assert stored["attachments"] == [{"fileName": "żółw.pdf", "mimeType": "application/pdf", "size": 4}]
    assert (stored["direction"], stored["from"]) == ("OUTBOUND", "portal@example.com")
    for absent in ("1", "1.html", f"{shown['id']}.htm"):
        assert httpx2.get(f"{sandbox.url}/mail/{absent}").status_code == 404


def test_a_message_without_html_has_no_page_of_its_own(sandbox: Sandbox) -> None:
    send(sandbox, letter("plain@example.com"))
    [shown] = mailbox(sandbox, "plain@example.com")
    assert "<iframe" not in httpx2.get(f"{sandbox.url}/mail/{shown['id']}").text
    assert httpx2.get(f"{sandbox.url}/mail/{shown['id']}.html").status_code == 404


def test_links_in_the_text_can_be_followed(sandbox: Sandbox) -> None:
    message = letter("link@example.com")
    message.set_content("Adres: https://portal.example.com/first?code=a&x=1. <b>\n")
    send(sandbox, message)
    [shown] = mailbox(sandbox, "link@example.com")
    page = httpx2.get(f"{sandbox.url}/mail/{shown['id']}").text
    assert "<a href='https://portal.example.com/first?code=a&amp;x=1' rel=" in page
    assert "</a>. &lt;b&gt;" in page


def test_newest_first_and_limit(sandbox: Sandbox) -> None:
    for number in range(3):
        send(sandbox, letter("order+1@example.com", f"no. {number}"))
    assert [one["subject"] for one in mailbox(sandbox, "order+1@example.com")] == ["no. 2", "no. 1", "no. 0"]
    assert [one["subject"] for one in mailbox(sandbox, "order+1@example.com", 1)] == ["no. 2"]
    # Nobody has to know that a plus sign is a space in a URL.
    assert len(httpx2.get(f"{sandbox.url}/mail.json?to=order+1@example.com").json()) == 3
    assert httpx2.get(f"{sandbox.url}/mail.json?limit=0").status_code == 400


def test_the_archive_holds_both_and_leaves_out_a_header(sandbox: Sandbox) -> None:
    address = "efaktury+0010006@example.com"
    generated = archive(sandbox, address, "0010006")["items"]
    assert {one["direction"] for one in generated} == {"INBOUND", "OUTBOUND"}
    assert {one["clientNumber"] for one in generated} == {"0010006"}
    for number in range(6):
        headers = {"Client-Number": "0010006"} | ({HIDDEN: "pin"} if number % 2 else {})
        send(sandbox, letter(address, f"no. {number}", **headers))
    everything = archive(sandbox, address, "0010006")["items"]
    assert len(everything) == len(generated) + 6
    assert any(HIDDEN.lower() in one["headers"] for one in everything)
    seen: list[dict[str, Any]] = []
    after = None
    while True:
        page = archive(sandbox, address, "0010006", first=2, after=after, withoutHeader=HIDDEN)
        seen += page["items"]
        if not page["hasNext"]:
            break
        assert len(page["items"]) == 2
        assert page["next"] == [seen[-1]["sentAt"], seen[-1]["id"]]
        after = page["next"]
    assert seen == [one for one in everything if HIDDEN.lower() not in one["headers"]]
    addresses = [address, "nobody@example.com", address.upper()]
    body = {"keys": [key(each, "0010006") for each in addresses], "withoutHeader": HIDDEN.upper()}
    assert sandbox.post("/mail/v1/count", body)["results"] == [len(seen), 0, len(seen)]
    keys = [seen[0]["id"], "0", seen[-1]["id"]]
    assert sandbox.post("/mail/v1/get", {"keys": keys})["results"] == [seen[0], None, seen[-1]]
    (hidden, *_) = [one["id"] for one in everything if HIDDEN.lower() in one["headers"]]
    assert sandbox.post("/mail/v1/get", {"keys": [hidden], "withoutHeader": HIDDEN})["results"] == [None]


def test_a_shared_address_keeps_clients_apart(sandbox: Sandbox) -> None:
    """A message that names its client is only that client's; one that names none is for the address."""
    for client in ("0010001", "0010002", None):
        message = letter("accountants@example.com", f"Dla {client}")
        if client:
            message["Client-Number"] = client
        send(sandbox, message)
    for client in ("0010001", "0010002", "0010003"):
        page = archive(sandbox, "accountants@example.com", client)
        expected = {"Dla None", *([f"Dla {client}"] if client != "0010003" else [])}
        assert {one["subject"] for one in page["items"]} == expected
        body = {"keys": [key("accountants@example.com", client)]}
        assert sandbox.post("/mail/v1/count", body)["results"] == [len(expected)]


def test_a_clients_own_message_is_inbound(sandbox: Sandbox) -> None:
    message = letter("obsluga@example.com", "Pytanie")
    message.replace_header("From", "efaktury+0010014@example.com")
    send(sandbox, message)
    first = archive(sandbox, "efaktury+0010014@example.com", "0010014", first=1)["items"][0]
    assert (first["subject"], first["direction"]) == ("Pytanie", "INBOUND")


@pytest.mark.parametrize(
    "content", [b"", b"no header at all", b"Content-Type: text/plain; charset=klingon\r\n\r\n\xff\x00x"]
)
def test_odd_messages_are_kept(sandbox: Sandbox, content: bytes) -> None:
    before = len(mailbox(sandbox, "odd@example.com"))
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=5) as smtp:
        smtp.sendmail("x@example.com", ["odd@example.com"], content)
    assert len(mailbox(sandbox, "odd@example.com")) == before + 1
    assert archive(sandbox, "odd@example.com")["items"]


def test_addresses_in_utf_8(sandbox: Sandbox) -> None:
    send(sandbox, letter("żółw@example.com"), ["żółw@example.com"])
    assert len(mailbox(sandbox, "żółw@example.com")) == 1


def test_too_large(sandbox: Sandbox) -> None:
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=5) as smtp:
        smtp.ehlo()
        assert smtp.esmtp_features["size"] == str(10 * 1024 * 1024)
        code, _ = smtp.mail("x@example.com", ["size=99999999"])
        assert code == 552


def test_smtp_faults(sandbox: Sandbox) -> None:
    assert sandbox.http.put("/sandbox/smtp-faults", json={"code": 451, "times": 1}).status_code == 200
    with pytest.raises(smtplib.SMTPDataError) as error:
        send(sandbox, letter("fault@example.com"))
    assert error.value.smtp_code == 451
    assert mailbox(sandbox, "fault@example.com") == []
    send(sandbox, letter("fault@example.com"))
    assert len(mailbox(sandbox, "fault@example.com")) == 1
    sandbox.http.put("/sandbox/smtp-faults", json={"code": 550})
    for _ in range(2):
        with pytest.raises(smtplib.SMTPDataError):
            send(sandbox, letter("fault@example.com"))
    assert sandbox.http.put("/sandbox/smtp-faults", json={"code": 200}).status_code == 400
