"""Who may see what: the one place that decides it.

Every loader asks `check` before it loads and passes its results through `visible_each`, so that no path into
an object goes around it: by number, by `node(id:)`, by a list or by a reference. What a person may not see
answers exactly like what does not exist. From a tool existence is not hidden: it is told which scope it
lacks.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from connectors.batch import Page
from connectors.documents.port import DocumentRecord
from connectors.erp.records.client import AccountRecord
from connectors.errors import MalformedRecord
from connectors.record import Record
from resolvers.errors import MissingScope
from resolvers.scopes import SCOPES
from resolvers.viewer import Asker, Tool, Viewer

_owner = attrgetter("client_number")
_items: Callable[[Any], Sequence[Any]] = attrgetter("items")


def check(asker: Asker | None, record: type[Record] | None) -> None:
    """Raises MissingScope where a tool may not read such records, whosever they are.

    None is for what is no back-office record.
    """
    if isinstance(asker, Tool) and record is not None and SCOPES[record] not in asker.scopes:
        raise MissingScope(SCOPES[record])


def acts_for(asker: Asker | None, client_number: str | None) -> bool:
    """Whether a client's records are the asker's to see; a tool reads those of every client."""
    if asker is None or isinstance(asker, Tool):
        return asker is not None
    return client_number in asker.client_numbers


def may_see(asker: Asker | None, record: Record) -> bool:
    """Whether a back-office record belongs to a client that the asker acts for.

    A record that names no client (a mail without that header) is reached only through its client. An upload
    that no request has taken is its holder's alone. A user is seen by themselves and by whoever acts for one
    of the same clients.
    """
    if asker is None:
        return False
    if isinstance(record, DocumentRecord) and record.holder is not None:
        return (
            isinstance(asker, Viewer)
            and record.holder == asker.login
            and acts_for(asker, record.client_number)
        )
    if isinstance(asker, Tool):
        return SCOPES.get(type(record)) in asker.scopes
    if isinstance(record, AccountRecord):
        return record.login == asker.login or any(acts_for(asker, each) for each in record.client_numbers)
    owner = getattr(record, "client_number", None)
    return owner is None or acts_for(asker, owner)


def visible(asker: Asker | None, result: Any) -> Any:
    """A loader's result for one key, less what the asker may not see.

    A record that can't be read is an error only to its own client: else it would tell that it exists. In a
    page it passes, and so do counts: their key is taken from an object that was itself visible.
    """
    if isinstance(result, Record):
        return result if may_see(asker, result) else None
    if isinstance(result, MalformedRecord):
        return result if acts_for(asker, result.client_number) else None
    if isinstance(result, Page):
        hidden = any(isinstance(item, Record) and not may_see(asker, item) for item in result.items)
        if hidden:
            shown = [item for item in result.items if not isinstance(item, Record) or may_see(asker, item)]
            return Page(shown, result.has_next, result.next)
    return result


def visible_each(asker: Asker | None, results: Sequence[Any]) -> list[Any]:
    """The results of a loader, each as `visible` says."""
    if isinstance(asker, Viewer) and _own_pages(asker, results):
        return list(results)
    return [visible(asker, result) for result in results]


def _own_pages(viewer: Viewer, results: Sequence[Any]) -> bool:
    """Whether all are pages whose items all say that they are of the viewer's clients: the quick way.

    Documents never go it: one may have a holder besides.
    """
    if {Page}.issuperset(map(type, results)):
        items = list(chain.from_iterable(map(_items, results)))
        try:
            return DocumentRecord not in set(map(type, items)) and viewer.client_numbers.issuperset(
                map(_owner, items)
            )
        except AttributeError:
            return False
    return False
