"""Why an upload is not taken."""

from enum import Enum


class Reason(Enum):
    """What sort of rule an upload breaks."""

    INVALID = "BAD_USER_INPUT"
    NOT_FOUND = "NOT_FOUND"
    NOT_PERMITTED = "FORBIDDEN"
    TOO_LARGE = "UPLOAD_TOO_LARGE"
    TYPE = "UPLOAD_TYPE"
    CONTENT = "UPLOAD_CONTENT"
    TOO_MANY = "UPLOADS_TOO_MANY"
    TOO_MANY_TODAY = "UPLOADS_TOO_MANY_TODAY"


class UploadRefused(Exception):
    """An upload breaks a rule. `argument` is what has to be mended, None where nothing can be."""

    def __init__(self, reason: Reason, argument: str | None, rule: str) -> None:
        super().__init__(f"Upload: '{argument}' {rule}." if argument else f"Upload: {rule}.")
        self.reason = reason
        self.argument = argument


class WrongContent(Exception):
    """A file is not what its name says; the message goes on after the words "the file"."""
