"""A folder of the archive: whom its messages concern, searched by the server and checked here."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

import msgspec
from imapclient import IMAPClient

from connectors.mail.imap_commands import HEADER, criteria, fetched
from connectors.mail.imap_headers import Answer, addresses, client_number, header_of, is_credential, sent_at

log = logging.getLogger(__name__)

MOST_FACTS: Final = 50_000
"""Messages of which a folder remembers whom they concern: some 25 MB."""
MOST_SEARCHES: Final = 5_000
"""Addresses of which it remembers what was found."""


class Facts(msgspec.Struct, frozen=True, gc=False):
    """What never changes of a message. `addresses` are those of From, To and Cc; `uid` is its number here."""

    uid: int
    sent_at: datetime
    addresses: tuple[str, ...]
    client_number: str | None
    credential: bool


class State(NamedTuple):
    """How a folder stands. A UID means one message as long as `validity` is the same (RFC 3501 2.3.1.1)."""

    validity: int
    exists: int
    next_uid: int

    def only_grew_to(self, other: "State") -> bool:
        """Whether messages came and none went: each that came took a UID, none that went gave it back."""
        grown = other.exists - self.exists
        return other.validity == self.validity and grown == other.next_uid - self.next_uid >= 0


class _Search(NamedTuple):
    """What an address concerned when the folder stood so."""

    state: State
    found: tuple[Facts, ...]


class Folder:
    """Its methods run in threads, several at a time: what they remember they replace, and never change."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._facts: dict[tuple[int, int], Facts] = {}
        self._searches: dict[str, _Search] = {}

    def examine(self, client: IMAPClient) -> State:
        """Opens it read-only."""
        answer = client.select_folder(self.name, readonly=True)
        return State(*(int(answer[key]) for key in (b"UIDVALIDITY", b"EXISTS", b"UIDNEXT")))

    def concerning(
        self, client: IMAPClient, wanted: Iterable[str]
    ) -> tuple[State, dict[str, tuple[Facts, ...]]]:
        """The messages from or to each of these lower-case addresses, less credentials.

        What was found before is searched for in newer messages only, while none has gone.
        """
        state = self.examine(client)
        before: dict[str, tuple[Facts, ...]] = {}
        to_search: dict[int, list[str]] = {}
        for address in wanted:
            search = self._searches.get(address)
            usable = search is not None and search.state.only_grew_to(state)
            before[address] = search.found if search and usable else ()
            start = search.state.next_uid if search and usable else 1
            if start < state.next_uid:
                to_search.setdefault(start, []).append(address)
        whole = True
        for start, asked in to_search.items():
            found, readable = self._search(client, state, asked, start)
            whole = whole and readable
            for facts in found:
                for address in set(asked).intersection(facts.addresses):
                    before[address] += (facts,)
        if whole:
            self._remember({address: _Search(state, found) for address, found in before.items()})
        return state, before

    def _search(
        self, client: IMAPClient, state: State, asked: list[str], start: int
    ) -> tuple[list[Facts], bool]:
        """What concerns one of these, and maybe others; and whether all of it could be read."""
        # `*` is the newest message even where that is older than the start.
        found = {uid for each in criteria(asked, start) for uid in client.search(each)}
        uids = sorted(uid for uid in found if start <= uid < state.next_uid)
        known = {
            uid: self._facts[state.validity, uid] for uid in uids if (state.validity, uid) in self._facts
        }
        new = [uid for uid in uids if uid not in known]
        unreadable = 0
        for uid, answer in fetched(client, new, ("INTERNALDATE", HEADER)):
            if isinstance(answer, Exception):
                unreadable += 1
            elif uid in found:
                known[uid] = _facts(uid, answer)
        if unreadable:
            log.warning("headers of messages can't be read: %d", unreadable)
        if len(self._facts) + len(new) > MOST_FACTS:
            self._facts = {}
        self._facts |= {(state.validity, uid): known[uid] for uid in new[:MOST_FACTS] if uid in known}
        return [known[uid] for uid in uids if uid in known and not known[uid].credential], not unreadable

    def _remember(self, searches: dict[str, _Search]) -> None:
        if len(self._searches) + len(searches) > MOST_SEARCHES:
            self._searches = {}
        if len(searches) <= MOST_SEARCHES:
            self._searches |= searches


def _facts(uid: int, answer: Answer) -> Facts:
    header = header_of(answer)
    return Facts(
        uid,
        sent_at(answer),
        tuple(dict.fromkeys(addresses(header, "from", "to", "cc"))),
        client_number(header),
        is_credential(header),
    )
