"""What can go wrong outside this package, and the refusals that a page turns into a status."""


class StoreUnavailable(Exception):
    """The state store does not answer, or can't promise a commit is on disk. Answered 503, never open."""


class DirectoryUnavailable(Exception):
    """The directory of portal accounts does not answer. Answered 503."""


class MailUnavailable(Exception):
    """The mail could not be handed over; it is tried again in the background."""


class MailRefused(MailUnavailable):
    """The mail server said no, and would say so again at once. `final`: to this mail, for ever."""

    def __init__(self, *, final: bool) -> None:
        super().__init__()
        self.final = final


class TooManyInvitations(Exception):
    """As many invitations were mailed to the account within the hour as may be."""


class HashPoolFull(Exception):
    """More password hashes are waiting than the queue holds. Answered 503 with Retry-After."""


class RefusedRequest(Exception):
    """A request that is answered with an error page before any state is touched.

    `status` is the HTTP status, `reason` the key of the message shown, `retry_after` in seconds.
    """

    def __init__(self, status: int, reason: str, *, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.retry_after = retry_after
