"""Sends mails a while after the answer, so that nobody can time whether there was one to send.

Each is in the outbox before the answer, and until the mail server has it.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Awaitable
from contextlib import suppress
from typing import Final

from auth.errors import MailRefused, MailUnavailable, StoreUnavailable
from auth.mails import Mail, Mails
from auth.options import AuthOptions
from auth.outbox import Backlog, Letter, Outbox
from auth.ports import CredentialMailer

logger = logging.getLogger(__name__)

NOTHING = Letter()

SENT: Final = "sent"
RETRIED: Final = "retried"
"""A try failed, and another will be made."""
GIVEN_UP: Final = "given-up"
"""Refused for good, or void before anybody took it."""


class MailQueue:
    """Background sending with a few tries; what fails all of them is tried again until it is void.

    `start` also sends what others left in the outbox. `close` waits for the mails under way.
    """

    def __init__(self, mailer: CredentialMailer, mails: Mails, outbox: Outbox, options: AuthOptions) -> None:
        self._mailer = mailer
        self._mails = mails
        self._outbox = outbox
        self._options = options
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._rounds: asyncio.Task[None] | None = None
        self._closing = False
        self.outcomes = Counter({SENT: 0, RETRIED: 0, GIVEN_UP: 0})
        """How sending went, of this process."""

    async def backlog(self) -> Backlog:
        """What waits to be sent, here and elsewhere. Raises StoreUnavailable."""
        return await self._outbox.backlog()

    async def post(self, letter: Letter, *, seconds: float = 86400) -> None:
        """Keeps it, then composes and sends in a task of its own, after a random delay.

        Both take time of the process, which the answer to the visitor's next request would show. It is void
        after `seconds`. Raises StoreUnavailable: then it is not promised.
        """
        self._begin(await self._outbox.keep(letter, seconds), letter)

    def _begin(self, mail_id: str, letter: Letter) -> None:
        task = asyncio.create_task(self._send(mail_id, letter))
        self._tasks[mail_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(mail_id, None))

    async def _send(self, mail_id: str, letter: Letter) -> None:
        await asyncio.sleep(self._options.mail_delay_seconds * random.uniform(0.5, 1))  # noqa: S311  no secret
        try:
            if letter.kind:
                await self.deliver(self._mails.composed(letter), mail_id)
        except MailUnavailable as error:
            # neither address nor text: both are personal, the text is a secret
            if not (isinstance(error, MailRefused) and error.final):
                logger.error("a credential mail could not be sent; it is tried again later")
                self.outcomes[RETRIED] += 1
                return
            logger.error("the mail server refused a credential mail for good")
            self.outcomes[GIVEN_UP] += 1
        except Exception as error:  # a mailer's own mistake must not end in an unseen task
            logger.error("the mailer failed: %s", type(error).__name__)
            self.outcomes[GIVEN_UP] += 1
        await self._unless_store_is_away(self._outbox.remove(mail_id))

    async def deliver(self, mail: Mail, key: str) -> None:
        """Hands it over, with a few tries. Raises MailUnavailable when the last one failed too.

        MailRefused is not tried again.
        """
        for pause in (*self._options.mail_retry_seconds, None):
            try:
                await self._mailer.send(
                    to=mail.to, subject=mail.subject, text=mail.text, html=mail.html, key=key
                )
                self.outcomes[SENT] += 1
                return
            except MailRefused:
                raise
            except MailUnavailable:
                if pause is None:
                    raise
                self.outcomes[RETRIED] += 1
                await asyncio.sleep(pause)

    def start(self) -> None:
        """From now on also sends what a killed gateway left, and keeps the leases of what is under way."""
        self._rounds = asyncio.create_task(self._go_round())

    async def _go_round(self) -> None:
        while not self._closing:
            await self._unless_store_is_away(self._round())
            if not self._closing:
                await asyncio.sleep(self._options.outbox_lease_seconds / 4)

    async def _round(self) -> None:
        for mail_id in list(self._tasks):
            await self._outbox.hold(mail_id)
        left, void = await self._outbox.take()
        if void:
            logger.error("credential mails that could not be sent in their time: %d", void)
            self.outcomes[GIVEN_UP] += void
        for mail_id, letter in left:
            if mail_id not in self._tasks and not self._closing:
                self._begin(mail_id, letter)

    async def _unless_store_is_away(self, work: Awaitable[None]) -> None:
        try:
            await work
        except StoreUnavailable:
            logger.warning("the outbox does not answer")

    async def idle(self) -> None:
        """Waits until nothing is being sent."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def close(self) -> None:
        self._closing = True  # a cancellation that meets a timeout of the store's client may be lost in it
        if self._rounds is not None:
            self._rounds.cancel()
            with suppress(asyncio.CancelledError):
                await self._rounds
        await self.idle()
