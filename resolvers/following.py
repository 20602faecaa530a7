"""Subscriptions: what one follows, and what each change tells it.

A subscription's root field is asked once to begin, which says what it follows, and then once for each change,
as an operation of its own: it reads the object anew, so that nothing of an object travels with a change.
"""

from dataclasses import dataclass
from typing import Any

from connectors.erp.changes import Change
from resolvers import policy
from resolvers.errors import Forbidden, InputError
from resolvers.loading import Loader
from resolvers.operation import Operation
from resolvers.viewer import Tool


@dataclass(frozen=True, slots=True)
class Interest:
    """A collection of the ERP's feed, and of which clients; None for all."""

    collection: str
    client_numbers: frozenset[str] | None

    def covers(self, change: Change) -> bool:
        """Whether the change is one of these."""
        return change.collection == self.collection and (
            self.client_numbers is None or change.client_number in self.client_numbers
        )


class Beginning:
    """The root with which an operation is begun that may be a subscription; then `interest` is set."""

    def __init__(self) -> None:
        self.interest: Interest | None = None


async def changed(
    op: Operation, root: Beginning | Change, collection: str, loader: Loader[Any], client_number: str | None
) -> Any:
    """The object that changed, if the asker may see it; None at the beginning.

    Raises Forbidden, MissingScope, InputError for what can't be followed.
    """
    if isinstance(root, Change):
        return await loader.load(op, root.id)
    root.interest = Interest(collection, _clients(op, loader, client_number))
    return None


def _clients(op: Operation, loader: Loader[Any], client_number: str | None) -> frozenset[str] | None:
    asker = op.asker
    if asker is None:
        raise Forbidden("Nobody is logged in, so there is nothing to follow.")
    policy.check(asker, loader.record)
    if client_number is not None:
        if not policy.acts_for(asker, client_number):
            raise InputError("clientNumber", "must be the number of a client that you act for")
        return frozenset({client_number})
    return None if isinstance(asker, Tool) else asker.client_numbers
