"""Sends mails a while after the answer, so that nobody can time whether there was one to send."""

import asyncio
import logging
import random
from collections.abc import Callable

from auth.errors import MailUnavailable
from auth.mails import Mail
from auth.ports import CredentialMailer

logger = logging.getLogger(__name__)


class MailQueue:
    """Background sending with a few tries. `close` waits for the mails under way."""

    def __init__(
        self, mailer: CredentialMailer, retry_seconds: tuple[float, ...], delay_seconds: float = 0
    ) -> None:
        self._mailer = mailer
        self._delay_seconds = delay_seconds
        self._retry_seconds = retry_seconds
        self._tasks: set[asyncio.Task[None]] = set()

    def post(self, compose: Callable[[], Mail]) -> None:
        """Composes and sends in a task of its own, after a random delay.

        Both take time of the process, which the answer to the visitor's next request would show.
        """
        task = asyncio.create_task(self._send(compose))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, compose: Callable[[], Mail]) -> None:
        await asyncio.sleep(self._delay_seconds * random.uniform(0.5, 1))  # noqa: S311  no secret
        try:
            await self.deliver(compose())
        except MailUnavailable:
            # neither address nor text: both are personal, the text is a secret
            logger.error("a credential mail could not be sent")
        except Exception as error:  # a mailer's own mistake must not end in an unseen task
            logger.error("the mailer failed: %s", type(error).__name__)

    async def deliver(self, mail: Mail) -> None:
        """Hands it over, with a few tries. Raises MailUnavailable when the last one failed too."""
        for pause in (*self._retry_seconds, None):
            try:
                await self._mailer.send(to=mail.to, subject=mail.subject, text=mail.text, html=mail.html)
                return
            except MailUnavailable:
                if pause is None:
                    raise
                await asyncio.sleep(pause)

    async def idle(self) -> None:
        """Waits until nothing is being sent."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        await self.idle()
