"""Who may see what: the one place that decides it.

Every loader passes its results through `visible_each`, so that no path into an object goes around it: by
number, by `node(id:)`, by a list or by a reference. What a viewer may not see answers exactly like what
does not exist.
"""

from collections.abc import Sequence
from contextlib import suppress
from itertools import chain
from operator import attrgetter
from typing import Any

from connectors.batch import Page
from connectors.errors import MalformedRecord
from connectors.record import Record
from resolvers.viewer import Viewer

_owner = attrgetter("client_number")


def may_see(viewer: Viewer | None, record: Record) -> bool:
    """Whether a back-office record belongs to a client that the viewer acts for.

    A record that names no client (a mail without that header) is reached only through its client.
    """
    if viewer is None:
        return False
    owner = getattr(record, "client_number", None)
    return owner is None or owner in viewer.client_numbers


def visible(viewer: Viewer | None, result: Any) -> Any:
    """A loader's result for one key, less what the viewer may not see.

    A record that can't be read is an error only to its own client: else it would tell that it exists. In a
    page it passes, and so do counts: their key is taken from an object that was itself visible.
    """
    if isinstance(result, Record):
        return result if may_see(viewer, result) else None
    if isinstance(result, MalformedRecord):
        return result if viewer is not None and result.client_number in viewer.client_numbers else None
    if isinstance(result, Page):
        hidden = any(isinstance(item, Record) and not may_see(viewer, item) for item in result.items)
        if hidden:
            shown = [item for item in result.items if not isinstance(item, Record) or may_see(viewer, item)]
            return Page(shown, result.has_next, result.next)
    return result


def visible_each(viewer: Viewer | None, results: Sequence[Any]) -> list[Any]:
    """The results of a loader, each as `visible` says."""
    if viewer is not None and _own_pages(viewer, results):
        return list(results)
    return [visible(viewer, result) for result in results]


def _own_pages(viewer: Viewer, results: Sequence[Any]) -> bool:
    """Whether all are pages whose items all say that they are of the viewer's clients: the quick way."""
    if {Page}.issuperset(map(type, results)):
        with suppress(AttributeError):
            items = chain.from_iterable(page.items for page in results)
            return viewer.client_numbers.issuperset(map(_owner, items))
    return False
