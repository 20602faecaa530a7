"""The SMTP side of the mailbox."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Literal

import msgspec
from aiosmtpd.smtp import SMTP, Envelope, Session
from msgspec import Meta

from sandbox.mail.mailbox import Mailbox
from sandbox.mail.mime import parse

MOST_BYTES = 10 * 1024 * 1024


class SmtpFault(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What DATA is answered with instead of 250, `times` times or always; latency in milliseconds."""

    code: Literal[451, 550] | None = None
    times: Annotated[int, Meta(ge=1)] | None = None
    latency_ms: Annotated[int, Meta(ge=0, le=600_000)] = 0


class Receiver:
    """aiosmtpd's handler."""

    def __init__(self, mailbox: Mailbox, written: Callable[[], None]) -> None:
        """Stores in `mailbox` and calls `written` after it."""
        self._mailbox = mailbox
        self._written = written
        self.fault = SmtpFault()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Store a message, or fail as the fault says."""
        fault = self.fault
        if fault.latency_ms:
            await asyncio.sleep(fault.latency_ms / 1_000)
        if fault.code is not None:
            if fault.times is not None:
                left = fault.times - 1
                self.fault = msgspec.structs.replace(fault, times=left) if left else SmtpFault()
            return "451 Requested action aborted" if fault.code == 451 else "550 Mailbox unavailable"
        content = envelope.content
        assert isinstance(content, bytes)  # noqa: S101 - decode_data is off
        number = self._mailbox.store(envelope.mail_from or "", envelope.rcpt_tos, parse(content))
        self._written()
        return f"250 OK stored as {number}"


async def listen(receiver: Receiver, host: str, port: int) -> asyncio.Server:
    """Open the SMTP port; addresses in UTF-8 are taken."""
    loop = asyncio.get_running_loop()

    def connection() -> SMTP:
        return SMTP(
            receiver,
            hostname="sandbox.example.com",
            enable_SMTPUTF8=True,
            data_size_limit=MOST_BYTES,
            loop=loop,
        )

    return await loop.create_server(connection, host, port)
