"""The portal users of a client."""

from collections.abc import Sequence
from operator import attrgetter

from connectors.batch import Page
from connectors.erp.records.client import AccountRecord, ClientRecord
from connectors.errors import MalformedRecord
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.relation import Relation, items
from resolvers.viewer import Viewer

accounts_by_login: Loader[AccountRecord | None] = asking(lambda op: op.backoffice.erp.accounts_by_login)
accounts_by_client: Loader[Page[AccountRecord | MalformedRecord]] = asking(
    lambda op: op.backoffice.erp.accounts_by_client
)


users_of: Relation[ClientRecord, Sequence[AccountRecord | MalformedRecord]] = Relation(
    accounts_by_client, attrgetter("number"), items
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
