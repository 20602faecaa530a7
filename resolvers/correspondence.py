"""The correspondence with a client, from the mail system."""

from collections.abc import Sequence
from datetime import datetime

from connectors.erp.port import Found, Pages
from connectors.erp.queries import Slice
from connectors.erp.records.client import ClientRecord
from connectors.mail.port import Correspondent, MessageRecord
from resolvers.loading import loader
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset

MESSAGES: Keyset[MessageRecord] = Keyset("messages", sent_at=datetime, id=str)


@loader
async def messages_by_address(
    op: Operation, correspondents: Sequence[Correspondent], part: Slice
) -> Pages[MessageRecord]:
    return await op.backoffice.mail.messages_by_address(correspondents, part)


@loader
async def message_counts_by_address(op: Operation, correspondents: Sequence[Correspondent]) -> list[int]:
    return await op.backoffice.mail.message_counts_by_address(correspondents)


@loader
async def messages_by_id(op: Operation, ids: Sequence[str]) -> Found[MessageRecord]:
    """By id alone a message is found only if it names its client: else nothing says whose it is."""
    found = await op.backoffice.mail.messages_by_id(ids)
    return [None if isinstance(m, MessageRecord) and m.client_number is None else m for m in found]


async def correspondence_of(
    op: Operation, client: ClientRecord, first: int | None, after: str | None
) -> Connection[MessageRecord] | None:
    """Mails from and to the client's e-invoice address, newest first; None where there is no address."""
    if client.einvoice_email is None:
        return None
    part = MESSAGES.slice(first, after)
    key = Correspondent(client.einvoice_email, client.number)
    page = await messages_by_address.load(op, key, part)
    return Connection(MESSAGES, part, page, lambda: message_counts_by_address.load(op, key))
