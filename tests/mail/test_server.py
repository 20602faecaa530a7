"""How a mail server's URL is read: when TLS is a must."""

import pytest

from connectors.mail.server import Tls, mail_server


@pytest.mark.parametrize(
    ("url", "tls", "port"),
    [
        ("smtps://u:p@mail.example.com", Tls.FROM_THE_START, 465),
        ("smtp+starttls://mail.example.com", Tls.STARTTLS, 587),
        ("smtp://u:p@mail.example.com", Tls.STARTTLS, 25),
        ("smtp://u:p@10.0.0.1:2525", Tls.STARTTLS, 2525),
        ("smtp://u:p@localhost.example.com", Tls.STARTTLS, 25),
        ("smtp://mail.example.com", Tls.WHERE_OFFERED, 25),
        ("smtp://u:p@localhost", Tls.NEVER, 25),
        ("smtp://u:p@[::1]", Tls.NEVER, 25),
        ("smtp+starttls://localhost", Tls.STARTTLS, 587),
        ("imaps://u:p@mail.example.com", Tls.FROM_THE_START, 993),
        ("imap+starttls://u:p@mail.example.com", Tls.STARTTLS, 143),
        ("imap://u:p@mail.example.com", Tls.STARTTLS, 143),
        ("imap://u:p@127.0.0.1", Tls.NEVER, 143),
    ],
)
def test_when_tls_is_a_must(url: str, tls: Tls, port: int) -> None:
    server = mail_server(url)
    assert (server.tls, server.port) == (tls, port)


def test_names_and_passwords_of_all_marks() -> None:
    server = mail_server("imaps://jan%40example.com:%C5%BC%3A%2F%40%25@mail.example.com")
    assert (server.username, server.password) == ("jan@example.com", "ż:/@%")
    assert "%" not in repr(server)
