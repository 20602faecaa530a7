"""Writing accounts: what is sent, and what the ERP may refuse."""

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
