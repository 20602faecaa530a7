"""Giving a client's user another role, and removing one.

What was changed ends the user's sessions before it is acknowledged. Should anything stop in between, the
ERP's feed of changes has it done soon after.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.erp import account_writing
from connectors.erp.records.client import AccountRecord
from resolvers.operation import Operation
from resolvers.user_errors import InvalidInput, LastOwner, NotPermitted, UserError
from resolvers.users import accounts_by_client, accounts_by_login, user_of_client
from resolvers.viewer import Role

_LAST_OWNER = LastOwner(
    message="A client must keep an owner: invite or appoint another one first.", path=("input", "login")
)
_NOT_ALL = NotPermitted(
    message="This user acts for clients of which you are no owner; their role is one for all.",
    path=("input", "login"),
)


@dataclass(frozen=True, slots=True)
class Changed:
    """The user, or what has to be mended."""

    portal_user: AccountRecord | None = None
    errors: Sequence[UserError] = ()


async def change_role(op: Operation, client_id: str, login: str, role: Role) -> Changed:
    """Gives the user another role: one for all clients that they act for, hence an owner of all decides."""
    found = await user_of_client(op, client_id, login)
    if isinstance(found, UserError):
        return _refused(found)
    if role is Role.UNKNOWN:
        return _refused(InvalidInput(message="'role' must not be UNKNOWN.", path=("input", "role")))
    if not set(found.account.client_numbers) <= found.viewer.client_numbers:
        return _refused(_NOT_ALL)
    number = found.client.number
    try:
        changed = await op.backoffice.users.change_account_role(login, number, role.value, found.viewer.login)
    except account_writing.LastOwner:
        return _refused(_LAST_OWNER)
    except account_writing.NotOwner:
        return _refused(_NOT_ALL)
    await _end_sessions(op, number, login)
    return Changed(changed)


async def remove(op: Operation, client_id: str, login: str) -> Changed:
    """Takes the user from the client, and from no other; who acts for none can't log in any more."""
    found = await user_of_client(op, client_id, login)
    if isinstance(found, UserError):
        return _refused(found)
    number = found.client.number
    try:
        await op.backoffice.users.remove_account(login, number, found.viewer.login)
    except account_writing.LastOwner:
        return _refused(_LAST_OWNER)
    except account_writing.NotOwner:
        return _refused(NotPermitted(message="Only an owner of the client may remove its users."))
    await _end_sessions(op, number, login)
    return Changed(found.account)


async def _end_sessions(op: Operation, client_number: str, login: str) -> None:
    accounts_by_client.forget(op, client_number)
    accounts_by_login.forget(op, login)
    await op.credentials.end_sessions(login)


def _refused(error: UserError) -> Changed:
    return Changed(errors=[error])
