"""What a user can mend, told as data in a mutation's payload and never raised."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from connectors.erp.records.quote import NotAvailable
from connectors.erp.records.request import RequestFee, RequestStatus


class UserErrorCode(Enum):
    """One for each class of errors below."""

    INVALID = "INVALID"
    NOT_FOUND = "NOT_FOUND"
    NOT_PERMITTED = "NOT_PERMITTED"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    FEE_CHANGED = "FEE_CHANGED"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    STATUS_NOT_ALLOWED = "STATUS_NOT_ALLOWED"
    NOT_DISMISSIBLE = "NOT_DISMISSIBLE"
    ALREADY_USER = "ALREADY_USER"
    ALREADY_ACTIVE = "ALREADY_ACTIVE"
    TOO_MANY_INVITATIONS = "TOO_MANY_INVITATIONS"
    LAST_OWNER = "LAST_OWNER"


@dataclass(frozen=True, kw_only=True)
class UserError:
    """`path` leads from the argument `input` to what is wrong; an index of a list is a number in a text."""

    code: ClassVar[UserErrorCode]
    message: str
    path: tuple[str, ...] = ("input",)


class InvalidInput(UserError):
    """A field breaks a rule."""

    code = UserErrorCode.INVALID


class NotFound(UserError):
    """There is none, or it is not the viewer's to see: nobody can tell which."""

    code = UserErrorCode.NOT_FOUND


class NotPermitted(UserError):
    """The viewer's role does not allow it."""

    code = UserErrorCode.NOT_PERMITTED


@dataclass(frozen=True, kw_only=True)
class NotEligible(UserError):
    """The back office does not take this kind now."""

    code = UserErrorCode.NOT_ELIGIBLE
    reason: NotAvailable


@dataclass(frozen=True, kw_only=True)
class FeeChanged(UserError):
    """The accepted fee is not today's, which is `fee`."""

    code = UserErrorCode.FEE_CHANGED
    fee: RequestFee


class IdempotencyConflict(UserError):
    """The key was used for something else."""

    code = UserErrorCode.IDEMPOTENCY_CONFLICT


@dataclass(frozen=True, kw_only=True)
class StatusNotAllowed(UserError):
    """The request's status does not allow the step."""

    code = UserErrorCode.STATUS_NOT_ALLOWED
    status: RequestStatus


class NotDismissible(UserError):
    """A promotion that stays for everybody."""

    code = UserErrorCode.NOT_DISMISSIBLE


class AlreadyUser(UserError):
    """A user of the client has the mail address."""

    code = UserErrorCode.ALREADY_USER


class AlreadyActive(UserError):
    """A user who is to be invited has set a password."""

    code = UserErrorCode.ALREADY_ACTIVE


class TooManyInvitations(UserError):
    """A user was invited as often within the hour, or people within the day, as may be."""

    code = UserErrorCode.TOO_MANY_INVITATIONS


class LastOwner(UserError):
    """A client would be left without an owner."""

    code = UserErrorCode.LAST_OWNER
