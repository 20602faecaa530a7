"""What can go wrong with a back-office system. Each error names the system and carries a stable code."""

from typing import ClassVar


class UpstreamError(Exception):
    """A back-office system did not give what was asked of it.

    `str(error)` is fit to be shown to a caller: it names the system and the kind of failure, never an
    address, a key or a payload. The cause is chained for the log.
    """

    code: ClassVar[str] = "UPSTREAM_ERROR"
    sent: bool = True
    """Whether the system may have got the request. Where not, what was to be written certainly wasn't."""

    def __init__(self, system: str, message: str) -> None:
        super().__init__(message)
        self.system = system


def without_frames(error: UpstreamError) -> UpstreamError:
    """The error, and what caused it, without the frames that they came through.

    These hold the whole answer that could not be read, and errors end in cycles with futures, which the
    garbage collector finds late.
    """
    each: BaseException | None = error
    while each is not None:
        each.__traceback__ = None
        each = each.__cause__ or each.__context__
    return error


class UpstreamTimeout(UpstreamError):
    """No whole answer before the deadline."""

    code = "UPSTREAM_TIMEOUT"

    def __init__(self, system: str, *, sent: bool = True) -> None:
        super().__init__(system, f"The system '{system}' did not answer in time.")
        self.sent = sent


class UpstreamUnavailable(UpstreamError):
    """Not reachable, connection broken off, or 429/5xx.

    `status` is that of the answer, if there was one, and `retry_after` the seconds that it asked us to wait.
    """

    code = "UPSTREAM_UNAVAILABLE"
    passing: ClassVar[bool] = True
    """Whether it may be over a moment later, without anybody's doing."""

    def __init__(
        self, system: str, *, status: int | None = None, retry_after: float | None = None, sent: bool = True
    ) -> None:
        super().__init__(system, f"The system '{system}' is not available now.")
        self.status = status
        self.retry_after = retry_after
        self.sent = sent


class NotAsked(UpstreamUnavailable):
    """The gateway did not ask the system, to spare it or itself."""

    def __init__(self, system: str, message: str) -> None:
        UpstreamError.__init__(self, system, message)
        self.status = self.retry_after = None
        self.sent = False


class UpstreamOverloaded(NotAsked):
    """As many calls as may wait for the system do so already."""

    code = "UPSTREAM_OVERLOADED"

    def __init__(self, system: str) -> None:
        super().__init__(system, f"Too many calls wait for the system '{system}'.")


class UpstreamCircuitOpen(NotAsked):
    """Calls to the system failed so often just now that it is left alone for a moment."""

    code = "UPSTREAM_CIRCUIT_OPEN"

    def __init__(self, system: str) -> None:
        super().__init__(
            system, f"The system '{system}' failed too often just now to be asked again at once."
        )


class UpstreamRejected(UpstreamError):
    """The system understood and refused (4xx): a wrong key, or a request outside its contract."""

    code = "UPSTREAM_REJECTED"

    def __init__(self, system: str, status: int | str, reason: str = "") -> None:
        """`status` is the number of HTTP or SMTP, the word of IMAP.

        `reason` is the code of the error body, where there is one.
        """
        super().__init__(system, f"The system '{system}' refused the request (status {status}).")
        self.status = status
        self.reason = reason


class MalformedAnswer(UpstreamError):
    """The answer as a whole can't be read: not JSON, or not one result per key."""

    code = "UPSTREAM_MALFORMED"

    def __init__(self, system: str) -> None:
        super().__init__(system, f"The system '{system}' gave an answer that can't be read.")


class MalformedRecord(UpstreamError):
    """One record of an answer can't be read; its neighbours can.

    `record` is its kind and id as far as they could be read (`invoice 4711`), `reason` the decoder's words
    with the path of the field, `client_number` whose it is, as far as that could be read.
    """

    code = "RECORD_MALFORMED"

    def __init__(self, system: str, record: str, reason: str, client_number: str | None = None) -> None:
        super().__init__(system, f"The system '{system}' holds a malformed {record}: {reason}")
        self.record = record
        self.reason = reason
        self.client_number = client_number


class InvalidMail(UpstreamError):
    """A mail that can't be written down: no address, or a line break in a header. No server was asked."""

    code = "MAIL_INVALID"

    def __init__(self, system: str) -> None:
        super().__init__(system, "The mail can't be sent: its recipient, subject or text is not valid.")


class NotAnswerable(UpstreamError):
    """The system has nothing to answer a question by: a condition or an order that it can't hold.

    `question` says which, in words fit for a caller.
    """

    code = "UPSTREAM_CANNOT_ANSWER"

    def __init__(self, system: str, question: str) -> None:
        super().__init__(system, f"The system '{system}' can't answer this: {question}.")
