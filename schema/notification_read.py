"""The mutation `notificationRead`."""

from enum import Enum
from typing import Annotated, Any

import strawberry

from resolvers.notification_read import read
from schema.fields import Info, argument, enum
from schema.notification import Notification
from schema.user_error import UserError


class NotificationReadErrorCode(Enum):
    """Why a notification can't be read."""

    NOT_FOUND = "NOT_FOUND"


enum(
    NotificationReadErrorCode,
    "Why a notification can't be read.",
    {"NOT_FOUND": "There is none with this id that the user may see."},
)


@strawberry.input(description="What was read.")
class NotificationReadInput:
    notification: strawberry.ID = strawberry.field(description="The notification's id.")


@strawberry.type(description="Why a notification was not marked.")
class NotificationReadError(UserError):
    code: NotificationReadErrorCode = strawberry.field(description="The reason.")


@strawberry.type(description="What came of it.")
class NotificationReadPayload:
    notification: Notification | None = strawberry.field(description="The notification, read.")
    errors: list[NotificationReadError] = strawberry.field(description="Why not; empty when all went well.")


async def _resolve(info: Info, input: Annotated[NotificationReadInput, argument("What was read.")]) -> Any:
    found: Any = await read(info.context, input.notification)
    if found is None:
        error = NotificationReadError(
            message="There is no notification with this id.",
            path=["input", "notification"],
            code=NotificationReadErrorCode.NOT_FOUND,
        )
        return NotificationReadPayload(notification=None, errors=[error])
    return NotificationReadPayload(notification=found, errors=[])


notification_read: Any = strawberry.field(
    resolver=_resolve,
    description="Marks a notification as read by the user who asks. Doing it again keeps the first `readAt`.",
)
