"""What is shown to a client on its pages: promotions and notifications."""

from typing import Annotated, Any

import strawberry

from resolvers.notifications import notifications_of
from resolvers.promotions import promotions_of
from schema.connection import ABSENT, After, First
from schema.fields import Info, argument

IncludeDismissed = Annotated[
    bool, argument("Indicates whether those are shown too that the user who asks dismissed.")
]
UnreadOnly = Annotated[
    bool, argument("Indicates whether those are left out that the user who asks has read.")
]


async def promotions(
    root: strawberry.Parent[Any], info: Info, include_dismissed: IncludeDismissed = False
) -> Any:
    """The client's promotions."""
    return await promotions_of(info.context, root, include_dismissed)


async def notifications(
    root: strawberry.Parent[Any],
    info: Info,
    unread_only: UnreadOnly = False,
    first: First = 20,
    after: After = ABSENT,
) -> Any:
    """The client's notifications."""
    return await notifications_of(info.context, root, unread_only, first, after or None)
