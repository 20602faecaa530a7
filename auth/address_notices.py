"""The notice to a mail address that is no longer an account's."""

from auth.mail_queue import MailQueue
from auth.mails import Mails
from auth.profile import Profile


class AddressNotices:
    def __init__(self, mails: Mails, queue: MailQueue) -> None:
        self._mails = mails
        self._queue = queue

    def tell(self, before: str) -> None:
        """`before` is the profile with the former address, as a script gives it, or nothing."""
        if before:
            profile = Profile.from_json(before)
            self._queue.post(lambda: self._mails.address_changed(profile))
