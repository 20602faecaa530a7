"""The mail archive in folders of an IMAP mailbox (RFC 3501)."""

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

from imapclient import IMAPClient

from connectors.batch import Page
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord
from connectors.mail.imap_connections import ImapConnections
from connectors.mail.imap_folder import Facts, Folder
from connectors.mail.imap_reader import MessageReader
from connectors.mail.port import Correspondent, MessageRecord
from connectors.mail.server import mail_server
from connectors.resilience import Guard

T = TypeVar("T")
Found: TypeAlias = MessageRecord | MalformedRecord

_ID = re.compile(r"([1-9]\d{0,9})-([1-9]\d{0,9})-(.+)", re.ASCII)


class _Place(NamedTuple):
    """Where a message is, and its id."""

    folder: str
    validity: int
    uid: int

    def __str__(self) -> str:
        return f"{self.validity}-{self.uid}-{self.folder}"

    @classmethod
    def read(cls, name: str) -> "_Place | None":
        found = _ID.fullmatch(name)
        return cls(found[3], int(found[1]), int(found[2])) if found else None


class _Mail(NamedTuple):
    place: _Place
    facts: Facts


class ImapMailArchive:
    """See `connectors.mail.port.MailArchive`.

    `url` is `imap(s)://[user:password@]host[:port]` or `imap+starttls://…`, `ca_file` the authority of the
    server's certificate (see `connectors.mail.server`). `folders` are read, never written. A message whose
    From is of one of `own_domains` is the company's. `timeout` in seconds bounds one call: an answer takes
    one or two for each folder.

    The server searches; what it finds is checked here, since it compares parts of addresses. What was found
    is remembered, and only newer messages are searched, until one is removed.
    """

    def __init__(
        self,
        system: str,
        url: str,
        *,
        folders: Sequence[str] = ("INBOX", "Sent"),
        own_domains: Iterable[str],
        timeout: float = 5.0,
        ca_file: Path | None = None,
        guard: Guard | None = None,
    ) -> None:
        self.system = system
        self._guard = guard or Guard(system, timeout=timeout)
        self._folders = {name: Folder(name) for name in folders}
        self._order = {name: place for place, name in enumerate(self._folders)}
        self._reader = MessageReader(system, own_domains)
        self._connections = ImapConnections(system, mail_server(url), ca_file, timeout=timeout)

    async def messages_by_address(self, keys: Sequence[Correspondent], part: Slice) -> list[Page[Found]]:
        found = await self._found(keys)
        after = self._position_after(part.after)
        chosen = []
        for mails in found:
            ordered = sorted(mails, key=self._position, reverse=True)
            if after is not None:
                ordered = [mail for mail in ordered if self._position(mail) < after]
            chosen.append(ordered[: part.first + 1])
        records = await self._records({mail.place for mails in chosen for mail in mails[: part.first]})
        return [self._page(mails, part.first, records) for mails in chosen]

    async def message_counts_by_address(self, keys: Sequence[Correspondent]) -> list[int]:
        return [len(mails) for mails in await self._found(keys)]

    async def messages_by_id(self, ids: Sequence[str]) -> list[Found | None]:
        places = [_Place.read(name) for name in ids]
        records = await self._records({place for place in places if place and place.folder in self._folders})
        return [records.get(place) if place else None for place in places]

    async def health(self) -> None:
        examine = next(iter(self._folders.values())).examine
        await self._guard.probe(lambda: self._connections.run(examine))

    async def close(self) -> None:
        """Takes leave of the server."""
        await self._connections.close()

    async def _call(self, act: Callable[[IMAPClient], T]) -> T:
        return await self._guard.call(lambda: self._connections.run(act), repeatable=True)

    async def _found(self, keys: Sequence[Correspondent]) -> list[list[_Mail]]:
        """Whatever concerns each correspondent, in no order."""
        wanted = {key.address.lower() for key in keys}
        if not wanted:
            return []
        each = await asyncio.gather(*(self._search(folder, wanted) for folder in self._folders.values()))
        return [
            [
                mail
                for found in each
                for mail in found[key.address.lower()]
                if mail.facts.client_number in (None, key.client_number)
            ]
            for key in keys
        ]

    async def _search(self, folder: Folder, wanted: Iterable[str]) -> dict[str, list[_Mail]]:
        state, found = await self._call(lambda client: folder.concerning(client, wanted))
        return {
            address: [_Mail(_Place(folder.name, state.validity, facts.uid), facts) for facts in mails]
            for address, mails in found.items()
        }

    def _position(self, mail: _Mail) -> tuple[datetime, int, int]:
        return mail.facts.sent_at, self._order[mail.place.folder], mail.place.uid

    def _position_after(self, after: tuple[str, ...] | None) -> tuple[datetime, int, int] | None:
        """Of a place that we don't know (any more) only the moment counts: rather twice than not at all."""
        if after is None:
            return None
        moment, place = datetime.fromisoformat(after[0]), _Place.read(after[1])
        if place is None or place.folder not in self._folders:
            return moment, len(self._folders), 0
        return moment, self._order[place.folder], place.uid

    async def _records(self, places: Iterable[_Place]) -> dict[_Place, Found]:
        """The messages that are there, less credentials."""
        by_folder: dict[str, list[_Place]] = {}
        for place in sorted(set(places)):
            by_folder.setdefault(place.folder, []).append(place)
        each = await asyncio.gather(
            *(self._read(self._folders[name], places) for name, places in by_folder.items())
        )
        return {place: record for records in each for place, record in records.items()}

    async def _read(self, folder: Folder, places: list[_Place]) -> dict[_Place, Found]:
        def read(client: IMAPClient) -> dict[_Place, Found]:
            validity = folder.examine(client).validity
            names = {place.uid: place for place in places if place.validity == validity}
            records = self._reader.read(client, {uid: str(place) for uid, place in names.items()})
            return {names[uid]: record for uid, record in records.items() if uid in names}

        return await self._call(read)

    def _page(self, mails: list[_Mail], first: int, records: dict[_Place, Found]) -> Page[Found]:
        """What was deleted meanwhile is left out."""
        shown = mails[:first]
        items = [records[mail.place] for mail in shown if mail.place in records]
        if not shown:
            return Page(items)
        last = shown[-1]
        return Page(items, len(mails) > first, (_written(last.facts.sent_at), str(last.place)))


def _written(moment: datetime) -> str:
    """As positions hold it."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
