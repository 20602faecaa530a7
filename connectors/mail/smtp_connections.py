"""Connections to an SMTP server: few, logged in, used again while they are fresh."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiosmtplib

from connectors.mail.server import MailServer, Tls
from connectors.tls import UnsafeServer, tls_context


class SmtpConnections:
    """At most `most` at a time; one that rested for `idle_seconds` is closed.

    `timeout` in seconds is one command's.
    """

    def __init__(
        self,
        system: str,
        server: MailServer,
        ca_file: Path | None,
        *,
        timeout: float,
        most: int = 4,
        idle_seconds: float = 15.0,
    ) -> None:
        self._system = system
        self._server = server
        self._tls = tls_context(ca_file)
        self._timeout = timeout
        self._idle_seconds = idle_seconds
        self._slots = asyncio.Semaphore(most)
        self._idle: dict[aiosmtplib.SMTP, asyncio.TimerHandle] = {}

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """One that has just answered. After an error it is not used again: its state is unknown."""
        async with self._slots:
            client = await self._rested() or await self._opened()
            try:
                yield client
            except BaseException:
                client.close()
                raise
            loop = asyncio.get_running_loop()
            self._idle[client] = loop.call_later(self._idle_seconds, self._drop, client)

    async def _rested(self) -> aiosmtplib.SMTP | None:
        """An idle one that is still there: no mail is given to a connection that may have been dropped."""
        while self._idle:
            client, timer = self._idle.popitem()
            timer.cancel()
            try:
                await client.rset()
            except (aiosmtplib.SMTPException, OSError):
                client.close()
            except BaseException:
                client.close()
                raise
            else:
                return client
        return None

    async def _opened(self) -> aiosmtplib.SMTP:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            timeout=self._timeout,
            use_tls=server.tls is Tls.FROM_THE_START,
            start_tls=False,
            tls_context=self._tls,
        )
        try:
            await client.connect()
            await self._secure(client)
            if server.username is not None:
                await self._log_in(client, server.username)
        except BaseException:
            client.close()
            raise
        return client

    async def _secure(self, client: aiosmtplib.SMTP) -> None:
        """STARTTLS, if so it is to be, even where an attacker struck it from what the server offers."""
        if self._server.tls not in (Tls.STARTTLS, Tls.WHERE_OFFERED):
            return
        with suppress(aiosmtplib.SMTPHeloError):  # so old that it offers nothing
            await client.ehlo()
        if client.supports_extension("starttls"):
            await client.starttls()
        elif self._server.tls is Tls.STARTTLS:
            raise UnsafeServer(self._system, "it does not offer STARTTLS")

    async def _log_in(self, client: aiosmtplib.SMTP, username: str) -> None:
        try:
            await client.login(username, self._server.password)
        except aiosmtplib.SMTPException as error:
            if client.is_connected and not client.supports_extension("auth"):
                raise UnsafeServer(self._system, "it takes no user and password (no AUTH)") from error
            raise

    def _drop(self, client: aiosmtplib.SMTP) -> None:
        del self._idle[client]
        client.close()

    async def close(self) -> None:
        """Takes leave of all that rest, without waiting long for an answer."""
        while self._idle:
            client, timer = self._idle.popitem()
            timer.cancel()
            try:
                async with asyncio.timeout(1):
                    await client.quit()
            except (aiosmtplib.SMTPException, OSError):
                pass
            finally:
                client.close()
