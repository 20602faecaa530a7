"""What a user can mend, as data in a mutation's payload."""

from typing import Any

import strawberry
from graphql import GraphQLAbstractType, GraphQLResolveInfo

from connectors.erp.records.quote import NotAvailable
from resolvers.user_errors import UserErrorCode
from schema.fields import computed, described, enum
from schema.request_status import RequestStatus
from schema.service_fee import ServiceFee

enum(
    UserErrorCode,
    "What sort of thing is to be mended.",
    {
        "INVALID": "A field breaks a rule.",
        "NOT_FOUND": "There is none that you may see.",
        "NOT_PERMITTED": "Your role does not allow it.",
        "NOT_ELIGIBLE": "The request can't be made now.",
        "FEE_CHANGED": "The accepted fee is not today's.",
        "IDEMPOTENCY_CONFLICT": "The idempotency key was used for something else.",
        "STATUS_NOT_ALLOWED": "The request's status does not allow it.",
        "NOT_DISMISSIBLE": "The promotion stays for everybody.",
        "ALREADY_USER": "A user of the client has the mail address already.",
        "ALREADY_ACTIVE": "The user has set a password already.",
        "TOO_MANY_INVITATIONS": "The user was invited too often in an hour, or too many people in a day.",
        "LAST_OWNER": "A client must keep an owner.",
    },
)


@strawberry.interface(description="What a user can mend.")
class UserError:
    message: str = described("What to mend, in English.")
    path: list[str] = computed(
        lambda error: list(error.path),
        "The way from the argument `input` to what is wrong; an item of a list by its index.",
    )
    code: UserErrorCode = described("What sort of error it is.")

    @classmethod
    def resolve_type(cls, error: Any, _info: GraphQLResolveInfo[Any], _type: GraphQLAbstractType) -> str:
        """The types here are named like the classes of `resolvers.user_errors`."""
        return type(error).__name__

    @classmethod
    def is_type_of(cls, _error: Any, _info: GraphQLResolveInfo[Any]) -> bool:
        """`resolve_type` has said it already."""
        return True


@strawberry.type(description="A field breaks a rule.")
class InvalidInput(UserError):
    pass


@strawberry.type(description="There is none, or none that you may see.")
class NotFound(UserError):
    pass


@strawberry.type(description="Your role does not allow it.")
class NotPermitted(UserError):
    pass


@strawberry.type(description="The request can't be made now.")
class NotEligible(UserError):
    reason: NotAvailable = described("Why not.")


@strawberry.type(
    description="The accepted fee is not today's: show the new one, and submit again if it is accepted."
)
class FeeChanged(UserError):
    fee: ServiceFee = described("Today's fee.")


@strawberry.type(description="The idempotency key was used for something else: take a new one.")
class IdempotencyConflict(UserError):
    pass


@strawberry.type(description="The request's status does not allow it.")
class StatusNotAllowed(UserError):
    status: RequestStatus = described("Where the request stood.")


@strawberry.type(description="The promotion stays for everybody.")
class NotDismissible(UserError):
    pass


@strawberry.type(description="A user of the client has the mail address already.")
class AlreadyUser(UserError):
    pass


@strawberry.type(description="The user has set a password already, and needs no invitation.")
class AlreadyActive(UserError):
    pass


@strawberry.type(description="The user was invited too often in an hour, or too many people in a day.")
class TooManyInvitations(UserError):
    pass


@strawberry.type(description="A client must keep an owner.")
class LastOwner(UserError):
    pass


ERRORS = [
    InvalidInput,
    NotFound,
    NotPermitted,
    NotEligible,
    FeeChanged,
    IdempotencyConflict,
    StatusNotAllowed,
    NotDismissible,
    AlreadyUser,
    AlreadyActive,
    TooManyInvitations,
    LastOwner,
]
