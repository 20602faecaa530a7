"""What can go wrong with a back-office system. Each error names the system and carries a stable code."""

from typing import ClassVar


class UpstreamError(Exception):
    """A back-office system did not give what was asked of it.

    `str(error)` is fit to be shown to a caller: it names the system and the kind of failure, never an
    address, a key or a payload. The cause is chained for the log.
    """

    code: ClassVar[str] = "UPSTREAM_ERROR"

    def __init__(self, system: str, message: str) -> None:
        super().__init__(message)
        self.system = system


class UpstreamTimeout(UpstreamError):
    """No whole answer before the deadline."""

    code = "UPSTREAM_TIMEOUT"

    def __init__(self, system: str) -> None:
        super().__init__(system, f"The system '{system}' did not answer in time.")


class UpstreamUnavailable(UpstreamError):
    """Not reachable, connection broken off, or 429/5xx."""

    code = "UPSTREAM_UNAVAILABLE"

    def __init__(self, system: str) -> None:
        super().__init__(system, f"The system '{system}' is not available now.")


class UpstreamRejected(UpstreamError):
    """The system understood and refused (4xx): a wrong key, or a request outside its contract."""

    code = "UPSTREAM_REJECTED"

    def __init__(self, system: str, status: int, reason: str = "") -> None:
        """`reason` is the code of the error body, where there is one."""
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
