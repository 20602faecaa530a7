"""The mutations `portalUserInvite` and `portalUserInvitationResend`."""

from typing import Annotated, Any

import strawberry

from resolvers.user_invitation import invite, invite_again
from resolvers.viewer import Role
from schema.fields import Info, argument, described
from schema.language import Language
from schema.portal_user import PortalUser
from schema.user_error import UserError


@strawberry.input(description="A person to be invited.")
class PortalUserInviteInput:
    idempotency_key: str = strawberry.field(
        description="Made anew for each person, 8 to 64 of A-Z a-z 0-9 -, such as a UUID: "
        "the same key with the same input again gives the same user."
    )
    client_id: strawberry.ID = strawberry.field(description="Id of the client that the person shall act for.")
    email: str = strawberry.field(
        description="Mail address for the invitation and PINs; no other user of the client may have it."
    )
    first_name: str = strawberry.field(description="First name, 1 to 60 characters.")
    surname: str = strawberry.field(description="Surname, 1 to 60 characters.")
    role: Role = strawberry.field(description="What the person may do.")
    language: Language = strawberry.field(default=Language.PL, description="Language of mails to the person.")


@strawberry.type(description="What came of it.")
class PortalUserInvitePayload:
    portal_user: PortalUser | None = described("The user, with a login of their own; null when not invited.")
    invitation_sent: bool | None = described(
        "Indicates whether the invitation is on its way; if not, the user is there and can be invited again."
    )
    errors: list[UserError] = described("What to mend; empty when the user is there.")


@strawberry.input(description="A user who is to be invited again.")
class PortalUserInvitationResendInput:
    client_id: strawberry.ID = strawberry.field(description="Id of the client.")
    login: str = strawberry.field(description="The user's login.")


@strawberry.type(description="What came of it.")
class PortalUserInvitationResendPayload:
    portal_user: PortalUser | None = described("The user; null when there is something to mend.")
    errors: list[UserError] = described("What to mend; empty when the invitation is on its way.")


async def _invite(
    info: Info, input: Annotated[PortalUserInviteInput, argument("Who is invited.")]
) -> PortalUserInvitePayload | None:
    outcome: Any = await invite(info.context, input)
    return outcome  # type: ignore[no-any-return]


async def _resend(
    info: Info, input: Annotated[PortalUserInvitationResendInput, argument("Who is invited again.")]
) -> PortalUserInvitationResendPayload | None:
    outcome: Any = await invite_again(info.context, input.client_id, input.login)
    return outcome  # type: ignore[no-any-return]


INVITATIONS: dict[str, Any] = {
    "portal_user_invite": strawberry.mutation(
        resolver=_invite,
        description="Adds a user to a client, with a login of their own, and mails them the link to the "
        "first login. OWNER only.",
    ),
    "portal_user_invitation_resend": strawberry.mutation(
        resolver=_resend,
        description="Mails a fresh invitation to a user who has set no password yet; the earlier one ends. "
        "At most five in an hour. OWNER only.",
    ),
}
