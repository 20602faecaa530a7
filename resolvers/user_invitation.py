"""Inviting a person to use the portal for a client.

The account is the ERP's, the invitation auth's. Between the two anything may stop: then the user is there
already, the same input adds nobody else, and the invitation can be sent again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connectors.erp import account_writing
from connectors.erp.account_writing import NewAccount, NotOwner
from connectors.erp.records.client import AccountRecord, ClientRecord
from connectors.erp.submission import IdempotencyKeyReused
from connectors.errors import UpstreamError
from resolvers import nodes
from resolvers.credentials import Invitation
from resolvers.email_addresses import email_address
from resolvers.operation import Operation
from resolvers.service_requests.submission import key_errors, scoped_key
from resolvers.user_errors import (
    AlreadyActive,
    AlreadyUser,
    IdempotencyConflict,
    InvalidInput,
    NotFound,
    NotPermitted,
    TooManyInvitations,
    UserError,
)
from resolvers.users import accounts_by_client, user_of_client
from resolvers.viewer import Role

MOST_NAME = 60
"""Characters of a first name or surname."""
MOST_A_DAY = 100
"""People whom one user may invite, to whatever address: each gets a mail in the leasing company's name."""


@dataclass(frozen=True, slots=True)
class Invited:
    """The user, and whether the invitation is on its way; or what has to be mended."""

    portal_user: AccountRecord | None = None
    invitation_sent: bool | None = None
    errors: Sequence[UserError] = ()


async def invite(op: Operation, given: Any) -> Invited:
    """Adds a user with a login of their own, and mails the invitation.

    An UpstreamError says whether the same may be sent again.
    """
    client: ClientRecord | None = await nodes.of_type(op, "Client", given.client_id)
    if op.viewer is None or client is None:
        message = "'clientId' names nothing that you may see."
        return Invited(errors=[NotFound(message=message, path=("input", "clientId"))])
    email = email_address(given.email)
    errors = [*key_errors(given), *_errors(given, email)]
    if email is None or errors:
        return Invited(errors=errors)
    if await op.user_state.count_invitation(op.viewer.login) > MOST_A_DAY:
        message = f"You have invited {MOST_A_DAY} people within a day; go on tomorrow."
        return Invited(errors=[TooManyInvitations(message=message, path=("input",))])
    account = NewAccount(
        client_number=client.number,
        email=email,
        first_name=given.first_name.strip(),
        surname=given.surname.strip(),
        role=given.role.value,
        language=given.language.value.lower(),
        by=op.viewer.login,
    )
    try:
        added = await op.backoffice.users.add_account(
            scoped_key(client.number, given.idempotency_key), account
        )
    except account_writing.AlreadyUser:
        message = "A user of this client has this address already."
        return Invited(errors=[AlreadyUser(message=message, path=("input", "email"))])
    except IdempotencyKeyReused:
        message = "'idempotencyKey' was used for another user."
        return Invited(errors=[IdempotencyConflict(message=message, path=("input", "idempotencyKey"))])
    except NotOwner:
        return Invited(errors=[NotPermitted(message="Only an owner of the client may invite its users.")])
    accounts_by_client.forget(op, client.number)
    try:
        sent = await op.credentials.invite(added.login) is Invitation.SENT
    except UpstreamError:
        sent = False  # the user is there: that is what has to be told
    return Invited(added, sent)


async def invite_again(op: Operation, client_id: str, login: str) -> Invited:
    """Mails a fresh invitation to a user who has set no password yet."""
    found = await user_of_client(op, client_id, login)
    if isinstance(found, UserError):
        return Invited(errors=[found])
    came = await op.credentials.invite(login)
    if came is Invitation.SENT:
        return Invited(found.account, True)
    path = ("input", "login")
    if came is Invitation.ALREADY_ACTIVE:
        message = "This user has set a password already; who forgot it resets it on the login page."
        return Invited(errors=[AlreadyActive(message=message, path=path)])
    message = "This user was invited several times within the hour; try again later."
    return Invited(errors=[TooManyInvitations(message=message, path=path)])


def _errors(given: Any, email: str | None) -> list[UserError]:
    found: list[UserError] = []

    def require(holds: bool, rule: str, name: str) -> None:
        if not holds:
            found.append(InvalidInput(message=f"'{name}' {rule}.", path=("input", name)))

    require(email is not None, "must be a mail address like anna@example.com", "email")
    for name, text in (("firstName", given.first_name), ("surname", given.surname)):
        plain = text.strip()
        fits = 1 <= len(plain) <= MOST_NAME and plain.isprintable()
        require(fits, f"must hold 1 to {MOST_NAME} characters, all of them printable", name)
    require(given.role is not Role.UNKNOWN, "must not be UNKNOWN", "role")
    return found
