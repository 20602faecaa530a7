"""What is behind a link, for whoever may see it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256

from connectors.documents.content import ByteRange
from connectors.documents.port import DocumentRecord
from connectors.errors import MalformedAnswer
from resolvers.documents import documents_by_id
from resolvers.downloads.tickets import DocumentTicket, InvoiceTicket, ScheduleTicket, Ticket
from resolvers.invoices import invoices_by_id
from resolvers.operation import Operation
from resolvers.schedule_files.making import schedule_file
from resolvers.schedules import schedules_by_id

Opening = Callable[[ByteRange | None], AbstractAsyncContextManager[AsyncIterator[bytes]]]


@dataclass(frozen=True, slots=True)
class File:
    """A file to send: `size` in bytes, `sha256` in hex. Opening and reading raise an UpstreamError."""

    name: str
    mime_type: str
    size: int
    sha256: str
    open: Opening


async def file_behind(op: Operation, ticket: Ticket) -> File | None:
    """The file; None where it doesn't exist or isn't the asker's to see. Raises an UpstreamError."""
    if isinstance(ticket, DocumentTicket):
        return await _document(op, ticket)
    if isinstance(ticket, InvoiceTicket):
        return await _invoice(op, ticket)
    return await _schedule(op, ticket)


async def _document(op: Operation, ticket: DocumentTicket) -> File | None:
    record = await documents_by_id.load(op, ticket.id)
    if record is None or record.client_number != ticket.client_number:
        return None
    return File(record.file_name, record.mime_type, record.size, record.sha256, _stored(op, record))


def _stored(op: Operation, record: DocumentRecord) -> Opening:
    store = op.backoffice.documents

    @asynccontextmanager
    async def opening(part: ByteRange | None) -> AsyncIterator[AsyncIterator[bytes]]:
        async with store.open(record.id, part) as content:
            if content is None or content.size != record.size:
                raise MalformedAnswer(store.system)  # it is no longer what its record says
            yield content.chunks

    return opening


async def _schedule(op: Operation, ticket: ScheduleTicket) -> File | None:
    record = await schedules_by_id.load(op, ticket.id)
    if record is None or record.client_number != ticket.client_number:
        return None
    made = await schedule_file(op, record, ticket.format, ticket.language)
    return None if made is None else _made(made.name, made.mime_type, made.data)


async def _invoice(op: Operation, ticket: InvoiceTicket) -> File | None:
    record = await invoices_by_id.load(op, ticket.id)
    if record is None or record.client_number != ticket.client_number:
        return None
    printed = await op.backoffice.books.print_invoice(record.id)
    if printed is None:
        return None
    name = f"Faktura {record.number.replace('/', '-')}.{printed.extension}"
    return _made(name, printed.mime_type, printed.data)


def _made(name: str, mime_type: str, data: bytes) -> File:
    """A file that came to be when its link was followed: it is whole, or there is none."""
    return File(name, mime_type, len(data), sha256(data).hexdigest(), _in_memory(data))


def _in_memory(data: bytes) -> Opening:
    @asynccontextmanager
    async def opening(part: ByteRange | None) -> AsyncIterator[AsyncIterator[bytes]]:
        async def chunks() -> AsyncIterator[bytes]:
            yield data[part.start : part.stop] if part else data

        yield chunks()

    return opening
