"""The notice to a mail address that is no longer an account's."""

from auth.mail_queue import MailQueue
from auth.outbox import Letter
from auth.profile import Profile


class AddressNotices:
    def __init__(self, queue: MailQueue) -> None:
        self._queue = queue

    async def tell(self, before: str) -> None:
        """`before` is the profile with the former address, as a script gives it, or nothing."""
        if before:
            await self._queue.post(Letter("address_changed", Profile.from_json(before)))
