"""Logged-in connections to an IMAP server: few, each worked by a thread, used again while they are fresh."""

import asyncio
import logging
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from connectors.errors import UpstreamError, UpstreamRejected, UpstreamTimeout, UpstreamUnavailable
from connectors.mail.server import MailServer, Tls
from connectors.tls import UnsafeServer, tls_context, unsafe

T = TypeVar("T")

logging.getLogger("imapclient").setLevel(logging.WARNING)  # at DEBUG it writes down whose mails are asked for

_BROKEN = (IMAPClientAbortError, OSError)
"""What a connection that is gone raises."""
_NOT_NOW = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")
"""Response codes (RFC 5530) of a refusal that may pass."""


@dataclass(slots=True)
class _Visit:
    """A thread's work on a connection, which can be broken off from outside."""

    client: Any = None
    broken_off: bool = False

    def break_off(self) -> None:
        self.broken_off = True
        if self.client is not None:
            with suppress(OSError, ValueError):
                self.client.socket().shutdown(socket.SHUT_RDWR)


class ImapConnections:
    """At most `most` at a time; one that rested for `idle_seconds` is not used again.

    `timeout` in seconds bounds each step of a conversation; the whole is bounded by whoever calls.
    """

    def __init__(
        self,
        system: str,
        server: MailServer,
        ca_file: Path | None,
        *,
        timeout: float,
        most: int = 4,
        idle_seconds: float = 60.0,
    ) -> None:
        self._system = system
        self._server = server
        self._tls = tls_context(ca_file)
        self._timeout = timeout
        self._idle_seconds = idle_seconds
        self._threads = ThreadPoolExecutor(most, "imap")
        self._slots = asyncio.Semaphore(most)
        self._idle: list[tuple[IMAPClient, float]] = []

    async def run(self, act: Callable[[IMAPClient], T]) -> T:
        """What `act` finds out, in a thread. Raises UpstreamErrors.

        It only reads, and may be run twice: a connection that was dropped while it rested is replaced.
        """
        visit = _Visit()
        try:
            async with self._slots:
                loop = asyncio.get_running_loop()
                try:
                    return await loop.run_in_executor(self._threads, self._visit, visit, act)
                except BaseException:
                    visit.break_off()
                    raise
        except (IMAPClientError, OSError) as error:
            raise self._failure(error) from error

    def _visit(self, visit: _Visit, act: Callable[[IMAPClient], T]) -> T:
        visit.client = self._rested()
        if visit.client is not None:
            try:
                return self._done(visit, act)
            except TimeoutError:
                raise
            except _BROKEN:
                if visit.broken_off:
                    raise
        visit.client = self._opened()
        if visit.broken_off:
            _end(visit.client)
            raise IMAPClientAbortError("nobody waits any more")
        return self._done(visit, act)

    def _done(self, visit: _Visit, act: Callable[[IMAPClient], T]) -> T:
        client = visit.client
        try:
            found = act(client)
        except BaseException:
            _end(client)
            raise
        if visit.broken_off:
            _end(client)
        else:
            self._idle.append((client, time.monotonic()))
        return found

    def _rested(self) -> IMAPClient | None:
        while self._idle:
            try:
                client, since = self._idle.pop()
            except IndexError:  # another thread was quicker
                return None
            if time.monotonic() - since < self._idle_seconds:
                return client
            _end(client)
        return None

    def _opened(self) -> IMAPClient:
        server = self._server
        client = IMAPClient(
            server.host,
            server.port,
            ssl=server.tls is Tls.FROM_THE_START,
            ssl_context=self._tls,
            timeout=self._timeout,
        )
        try:
            client.normalise_times = False  # else moments come in this machine's time zone, and don't say so
            self._secure(client)
            if server.username is not None:
                log_in = client.plain_login if client.has_capability("AUTH=PLAIN") else client.login
                log_in(server.username, server.password)
        except BaseException:
            _end(client)
            raise
        return client

    def _secure(self, client: IMAPClient) -> None:
        """STARTTLS, if so it is to be, even where an attacker struck it from what the server offers."""
        if self._server.tls not in (Tls.STARTTLS, Tls.WHERE_OFFERED):
            return
        if client.has_capability("STARTTLS"):
            client.starttls(self._tls)
        elif self._server.tls is Tls.STARTTLS:
            raise UnsafeServer(self._system, "it does not offer STARTTLS")

    def _failure(self, error: Exception) -> UpstreamError:
        if isinstance(error, TimeoutError):
            return UpstreamTimeout(self._system)
        untrusted = unsafe(self._system, error)
        if untrusted is not None:
            return untrusted
        said = str(error).upper()
        if isinstance(error, _BROKEN) or any(code in said for code in _NOT_NOW):
            return UpstreamUnavailable(self._system)
        return UpstreamRejected(self._system, "NO", "LOGIN" if isinstance(error, LoginError) else "")

    async def close(self) -> None:
        """Takes leave of all that rest."""
        self._threads.shutdown(wait=False)
        while self._idle:
            client, _ = self._idle.pop()
            await asyncio.to_thread(_leave, client)


def _end(client: IMAPClient) -> None:
    with suppress(IMAPClientError, OSError, ValueError):
        client.shutdown()


def _leave(client: IMAPClient) -> None:
    try:
        client.logout()
    except (IMAPClientError, OSError, ValueError):
        _end(client)  # it is gone, and our half of it not yet
