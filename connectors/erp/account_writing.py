"""Writing accounts: what is sent, what the ERP may refuse, and how it tells of changes."""

import msgspec

from connectors.errors import UpstreamRejected


class NewAccount(msgspec.Struct, frozen=True, rename="camel"):
    """A user to be added to a client. `role` and `language` as in AccountRecord; `by` is who invites."""

    client_number: str
    email: str
    first_name: str
    surname: str
    role: str
    language: str
    by: str


class AlreadyUser(UpstreamRejected):
    """A user of the client has the mail address."""


class LastOwner(UpstreamRejected):
    """A client of the account would have no OWNER."""


class NotOwner(UpstreamRejected):
    """Who acts is not, or no longer, an OWNER of every client concerned."""


class AccountChanges(msgspec.Struct, frozen=True):
    """Logins of accounts that changed, oldest first, perhaps more than once; and the position behind them.

    `begun_anew`: the feed ends before the position that was asked for, as that of new data does.
    """

    logins: tuple[str, ...]
    next: int
    begun_anew: bool
