"""An archive of mails in folders of an IMAP mailbox."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.setting import REQUIRED, setting
from gateway.setting_values import file, names, seconds, url
from gateway.systems.kind import Kind, Opened, Surroundings


@dataclass(frozen=True, kw_only=True)
class ImapKeys:
    """Where the mails are, and which of them are the company's own."""

    url: str = setting(
        REQUIRED,
        url("imap", "imaps", "imap+starttls"),
        "imap(s)://user:password@host[:port]",
        "The server. imaps:// is TLS from the start; with imap+starttls://, or a password that would go over "
        "the network in clear, STARTTLS is a must.",
        secret=True,
    )
    folders: tuple[str, ...] = setting(
        ("INBOX", "Sent"), names, "names, separated by commas", "The folders that are read."
    )
    own_domains: tuple[str, ...] = setting(
        (), names, "domains, separated by commas",
        "Domains of the company's addresses: what comes from there went to the client.",
        shown="that of <mail_from>",
    )  # fmt: skip
    timeout: float = setting(5.0, seconds, "seconds", "Longest wait for one answer.")
    ca_file: Path | None = setting(
        None,
        file,
        "a file",
        "The authority of the server's certificate (PEM), where it is the company's own.",
    )


async def _open(name: str, keys: ImapKeys, surroundings: Surroundings, stack: AsyncExitStack) -> Opened:
    from connectors.mail.imap import ImapMailArchive  # where there is one: its library takes memory

    guard = surroundings.guard(name, keys.timeout)
    archive = ImapMailArchive(
        name,
        keys.url,
        folders=keys.folders,
        own_domains=keys.own_domains or [surroundings.mail_from.rpartition("@")[2]],
        timeout=keys.timeout,
        ca_file=keys.ca_file,
        guard=guard,
    )
    stack.push_async_callback(archive.close)
    return Opened({"mail": archive}, guard=guard)


IMAP: Final[Kind] = Kind(
    "imap", "A mailbox that keeps mails to and from clients.", ("mail",), ImapKeys, _open
)
