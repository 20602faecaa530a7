"""The correspondence with a client, from the mail system."""

from collections.abc import Sequence
from datetime import datetime

from connectors.erp.port import Found
from connectors.erp.records.client import ClientRecord
from connectors.mail.port import Correspondent, MessageRecord
from resolvers.listing import Listing
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset

MESSAGES: Keyset[MessageRecord] = Keyset("messages", sent_at=datetime, id=str)


messages_by_address = Listing(
    MESSAGES,
    asking(MessageRecord, lambda op: op.backoffice.mail.messages_by_address),
    asking(MessageRecord, lambda op: op.backoffice.mail.message_counts_by_address),
)


async def _messages_by_id(op: Operation, ids: Sequence[str]) -> Found[MessageRecord]:
    """By id alone a message is found only if it names its client: else nothing says whose it is."""
    found = await op.backoffice.mail.messages_by_id(ids)
    return [None if isinstance(m, MessageRecord) and m.client_number is None else m for m in found]


messages_by_id: Loader[MessageRecord | None] = Loader(_messages_by_id, MessageRecord)


async def correspondence_of(
    op: Operation, client: ClientRecord, first: int | None, after: str | None
) -> Connection[MessageRecord] | None:
    """Mails from and to the client's e-invoice address, newest first; None where there is no address."""
    if client.einvoice_email is None:
        return None
    key = Correspondent(client.einvoice_email, client.number)
    return await messages_by_address.connect(op, key, first, after)
