"""The back office as one person's query asks it: what may be some seconds old comes from the cache.

It stands below the policy, which filters what comes out of it as it filters what comes from a system.
"""

from dataclasses import replace
from typing import Any

from connectors.caching.asking import Asking
from connectors.caching.part import Asked, CachedPart
from connectors.caching.reading import Ages
from connectors.caching.store import AnswerStore
from connectors.caching.table import READS
from resolvers.backoffice import BackOffice


class Caching:
    """Views of a back office. `amounts` are the ages of what tells amounts due."""

    def __init__(self, backoffice: BackOffice, store: AnswerStore, ages: Ages, amounts: Ages) -> None:
        self._backoffice = backoffice
        parts = {name: CachedPart(store, name, getattr(backoffice, name), ages, amounts) for name in READS}
        self._parts = {name: part for name, part in parts.items() if part.reads or part.writes}
        self.readings = [reading for part in parts.values() for reading in part.reads.values()]
        """Every method that the cache may answer."""
        self.anew = self._view(None)
        """Everything is read anew; what is written empties the cache."""

    def of(self, clients: frozenset[str]) -> tuple[BackOffice, Asking]:
        """For an operation of somebody who acts for these clients."""
        asking = Asking(clients)
        return self._view(asking), asking

    def _view(self, asking: Asking | None) -> BackOffice:
        asked: dict[str, Any] = {name: Asked(part, asking) for name, part in self._parts.items()}
        return replace(self._backoffice, **asked)
