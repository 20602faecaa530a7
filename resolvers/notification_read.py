"""Marking a notification as read by the viewer."""

from connectors.erp.records.notification import NotificationRecord
from resolvers import nodes
from resolvers.operation import Operation
from resolvers.user_state import Mark, mark_for_viewer


async def read(op: Operation, value: str) -> NotificationRecord | None:
    """The notification with this global id, read from now on; reading it again changes nothing."""
    found = await nodes.node(op, value, "input.notification")
    if not isinstance(found, NotificationRecord):
        return None
    await mark_for_viewer(op, Mark.READ_NOTIFICATION, found.id)
    return found
