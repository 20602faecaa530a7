"""Real mail servers, one pair for all tests here."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from connectors.mail.imap import ImapMailArchive
from tests.harness.mail_servers import PASSWORD, Certificates, Dovecot, Postfix, certify, needs, open_folder

CREDENTIALS = f"archive:{quote(PASSWORD, safe='')}"


@pytest.fixture(scope="package")
def shared() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="package")
def certificates(shared: Path) -> Certificates:
    return certify(shared)


@pytest.fixture(scope="package")
def dovecot(shared: Path, certificates: Certificates) -> Iterator[Dovecot]:
    needs("dovecot")
    server = Dovecot(shared / "dovecot", certificates)
    yield server
    server.stop()


@pytest.fixture(scope="package")
def postfix(shared: Path, certificates: Certificates, dovecot: Dovecot) -> Iterator[Postfix]:
    needs("postfix")
    server = Postfix(shared / "postfix", certificates, dovecot)
    yield server
    server.stop()


Archives = Callable[..., ImapMailArchive]


@pytest.fixture
async def archives(dovecot: Dovecot, certificates: Certificates) -> AsyncIterator[Archives]:
    """Makes archives over Dovecot, by IMAP with TLS from the start unless another URL is given."""
    made: list[ImapMailArchive] = []

    def make(url: str = "", **given: Any) -> ImapMailArchive:
        settings: dict[str, Any] = {"own_domains": ["leasing.example.com"], "timeout": 20} | given
        if "ca_file" not in settings:
            settings["ca_file"] = certificates.authority
        made.append(ImapMailArchive("mail", url or imaps(dovecot), **settings))
        return made[-1]

    yield make
    for archive in made:
        await archive.close()


def imaps(dovecot: Dovecot) -> str:
    return f"imaps://{CREDENTIALS}@localhost:{dovecot.tls_port}"
