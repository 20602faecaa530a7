"""The portal users of a client."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.batch import Page
from connectors.erp.records.client import AccountRecord, ClientRecord
from connectors.errors import MalformedRecord
from resolvers import nodes
from resolvers.credentials import last_logins_by_login
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.relation import Relation, items
from resolvers.user_errors import NotFound
from resolvers.viewer import Viewer

accounts_by_login: Loader[AccountRecord | None] = asking(
    AccountRecord, lambda op: op.backoffice.users.accounts_by_login
)
accounts_by_client: Loader[Page[AccountRecord | MalformedRecord]] = asking(
    AccountRecord, lambda op: op.backoffice.users.accounts_by_client
)


users_of: Relation[ClientRecord, Sequence[AccountRecord | MalformedRecord]] = Relation(
    accounts_by_client, "number", items
)
"""Who acts for a client, by login; of a group's user too each of its clients knows."""


async def email_of(op: Operation, user: AccountRecord | Viewer) -> str | None:
    """A user's own address; the viewer's is the ERP's to say."""
    if isinstance(user, AccountRecord):
        return user.email
    account = await accounts_by_login.load(op, user.login)
    return None if account is None else account.email


def is_viewer(op: Operation, user: AccountRecord | Viewer) -> bool:
    """Whether it is the person who asks."""
    return op.viewer is not None and op.viewer.login == user.login


async def last_login_of(op: Operation, user: AccountRecord | Viewer) -> datetime | None:
    """When the user last logged in (UTC); None for never."""
    return await last_logins_by_login.load(op, user.login)


@dataclass(frozen=True, slots=True)
class ClientUser:
    """A user, as one of a client's, and the viewer who sees them."""

    client: ClientRecord
    account: AccountRecord
    viewer: Viewer


async def user_of_client(op: Operation, client_id: str, login: str) -> ClientUser | NotFound:
    """The user with this login of the client with this global id, as far as the viewer may see them."""
    client: ClientRecord | None = await nodes.of_type(op, "Client", client_id)
    if op.viewer is None or client is None:
        message = "'clientId' names nothing that you may see."
        return NotFound(message=message, path=("input", "clientId"))
    for account in await users_of(op, client):
        if isinstance(account, AccountRecord) and account.login == login:
            return ClientUser(client, account, op.viewer)
    return NotFound(message="The client has no such user.", path=("input", "login"))
