"""The mutation `notificationRead`."""

from typing import Annotated, Any

import strawberry

from resolvers import user_errors
from resolvers.notification_read import read
from schema.fields import Info, argument
from schema.notification import Notification
from schema.user_error import UserError


@strawberry.input(description="What was read.")
class NotificationReadInput:
    notification: strawberry.ID = strawberry.field(description="The notification's id.")


@strawberry.type(description="What came of it.")
class NotificationReadPayload:
    notification: Notification | None = strawberry.field(description="The notification, read.")
    errors: list[UserError] = strawberry.field(description="Why not; empty when all went well.")


async def _resolve(
    info: Info, input: Annotated[NotificationReadInput, argument("What was read.")]
) -> NotificationReadPayload | None:
    found: Any = await read(info.context, input.notification)
    if found is None:
        error: Any = user_errors.NotFound(
            message="There is no notification with this id.", path=("input", "notification")
        )
        return NotificationReadPayload(notification=None, errors=[error])
    return NotificationReadPayload(notification=found, errors=[])


notification_read: Any = strawberry.field(
    resolver=_resolve,
    description="Marks a notification as read by the user who asks. Doing it again keeps the first `readAt`.",
)
