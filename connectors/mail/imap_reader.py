"""Messages as records, read from an open folder."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from imapclient import IMAPClient

from connectors.errors import MalformedRecord
from connectors.mail.imap_commands import HEADER, fetched
from connectors.mail.imap_headers import (
    Answer,
    Header,
    addresses,
    client_number,
    header_of,
    is_credential,
    sent_at,
    subject,
)
from connectors.mail.imap_parts import MOST_TEXT, Part, attachments, body_part, parts, text
from connectors.mail.port import MessageDirection, MessageRecord

_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What a message raises that the server tells of in a way that no message is."""


class _Draft(NamedTuple):
    """A message less its text."""

    answer: Answer
    header: Header
    parts: list[Part]
    body: Part | None


class MessageReader:
    """`own_domains` are the company's: what comes from there is to the client."""

    def __init__(self, system: str, own_domains: Iterable[str]) -> None:
        self._system = system
        self._own = frozenset(domain.lower() for domain in own_domains)

    def read(
        self, client: IMAPClient, names: Mapping[int, str]
    ) -> dict[int, MessageRecord | MalformedRecord]:
        """Messages by UID; `names` are their ids. Left out are credentials and what is gone."""
        drafts: dict[int, _Draft] = {}
        records: dict[int, MessageRecord | MalformedRecord] = {}
        items = ("FLAGS", "INTERNALDATE", HEADER, "BODYSTRUCTURE")
        for uid, answer in fetched(client, list(names), items):
            if uid not in names:  # a server may tell of a change of others at any time
                continue
            try:
                draft = _draft(answer)
            except _UNREADABLE as error:
                records[uid] = self._malformed(names[uid], error)
            else:
                if draft is not None:
                    drafts[uid] = draft
        texts = _texts(client, drafts)
        for uid, draft in drafts.items():
            try:
                records[uid] = self._record(names[uid], draft, texts.get(uid, b""))
            except _UNREADABLE as error:
                records[uid] = self._malformed(names[uid], error, client_number(draft.header))
        return records

    def _record(self, name: str, draft: _Draft, content: bytes | Exception) -> MessageRecord:
        if isinstance(content, Exception):
            raise ValueError("no text") from content
        header, moment = draft.header, sent_at(draft.answer)
        (sender, *_) = [*addresses(header, "from"), ""]
        own = sender.rpartition("@")[2] in self._own
        return MessageRecord(
            id=name,
            client_number=client_number(header),
            direction=MessageDirection.OUTBOUND if own else MessageDirection.INBOUND,
            subject=subject(header),
            sent_at=moment,
            sender=sender,
            recipient=", ".join(addresses(header, "to", "cc")),
            body=text(draft.body, content) if draft.body else "",
            attachments=attachments(draft.parts),
            as_of=moment,
        )

    def _malformed(self, name: str, error: Exception, owner: str | None = None) -> MalformedRecord:
        reason = f"the server tells of it what can't be read ({type(error).__name__})"
        return MalformedRecord(self._system, f"message {name}", reason, owner)


def _draft(answer: Answer | Exception) -> _Draft | None:
    """None for a credential, should a search have found one after all, and for what is deleted."""
    if isinstance(answer, Exception):
        raise ValueError("no answer") from answer
    header = header_of(answer)
    if is_credential(header) or b"\\Deleted" in answer[b"FLAGS"]:
        return None
    leaves = list(parts(answer[b"BODYSTRUCTURE"]))
    return _Draft(answer, header, leaves, body_part(leaves))


def _texts(client: IMAPClient, drafts: Mapping[int, _Draft]) -> dict[int, bytes | Exception]:
    """The texts of all, in a command for each section that one of them has its text in."""
    by_section: dict[str, list[int]] = {}
    for uid, draft in drafts.items():
        if draft.body is not None:
            by_section.setdefault(draft.body.section, []).append(uid)
    texts: dict[int, bytes | Exception] = {}
    for section, uids in by_section.items():
        for uid, answer in fetched(client, uids, [f"BODY.PEEK[{section}]<0.{MOST_TEXT}>"]):
            texts[uid] = answer if isinstance(answer, Exception) else _content(answer)
    return texts


def _content(answer: Answer) -> bytes:
    return next((value for item, value in answer.items() if item.startswith(b"BODY[") and value), b"")
