"""The mutations `portalUserRoleChange` and `portalUserRemove`."""

from typing import Annotated, Any

import strawberry

from resolvers.user_changes import change_role, remove
from resolvers.viewer import Role
from schema.fields import Info, argument, described
from schema.portal_user import PortalUser
from schema.user_error import UserError


@strawberry.input(description="Another role for a user.")
class PortalUserRoleChangeInput:
    client_id: strawberry.ID = strawberry.field(description="Id of the client.")
    login: str = strawberry.field(description="The user's login.")
    role: Role = strawberry.field(description="What the user may do from now on, for all their clients.")


@strawberry.type(description="What came of it.")
class PortalUserRoleChangePayload:
    portal_user: PortalUser | None = described("The user; null when there is something to mend.")
    errors: list[UserError] = described("What to mend; empty when the user has the role.")


@strawberry.input(description="The removal of a user.")
class PortalUserRemoveInput:
    client_id: strawberry.ID = strawberry.field(description="Id of the client.")
    login: str = strawberry.field(description="The user's login.")


@strawberry.type(description="What came of it.")
class PortalUserRemovePayload:
    portal_user: PortalUser | None = described("Who was removed; null when there is something to mend.")
    errors: list[UserError] = described("What to mend; empty when the user is removed.")


async def _change_role(
    info: Info, input: Annotated[PortalUserRoleChangeInput, argument("Whose role, and which.")]
) -> PortalUserRoleChangePayload | None:
    outcome: Any = await change_role(info.context, input.client_id, input.login, input.role)
    return outcome  # type: ignore[no-any-return]


async def _remove(
    info: Info, input: Annotated[PortalUserRemoveInput, argument("Who is removed.")]
) -> PortalUserRemovePayload | None:
    outcome: Any = await remove(info.context, input.client_id, input.login)
    return outcome  # type: ignore[no-any-return]


CHANGES: dict[str, Any] = {
    "portal_user_role_change": strawberry.mutation(
        resolver=_change_role,
        description="Gives a user another role and ends their sessions at once. The last owner of a client "
        "keeps the role. OWNER only, of every client that the user acts for.",
    ),
    "portal_user_remove": strawberry.mutation(
        resolver=_remove,
        description="Takes a user from a client and ends their sessions at once; for other clients they "
        "can log in again. The last owner stays. OWNER only.",
    ),
}
