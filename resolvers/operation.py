"""One GraphQL operation: who asks, whom we may ask, and what has been loaded already."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiodataloader import DataLoader

from resolvers.backoffice import BackOffice
from resolvers.downloads.links import DownloadLinks
from resolvers.portal import Portal
from resolvers.readings import Readings
from resolvers.viewer import Asker, Tool, Viewer

if TYPE_CHECKING:
    from connectors.caching.asking import Asking
    from resolvers.caching import Caching
    from resolvers.credentials import Credentials
    from resolvers.user_state import UserState

Batch = Callable[..., Awaitable[list[Any]]]


class Operation:
    """Lives as long as one operation: its loaders' caches must not outlive the asker's rights.

    `readings` is there for a tool only: people read their own data. `asking` is there where something may
    come from the cache: it knows what stood in for a system that failed. `task` is the one that began it, and
    waits where several of its fields are asked for at once: these run in tasks of their own.
    """

    __slots__ = (
        "_batches",
        "_loaded",
        "_loaders",
        "asker",
        "asking",
        "backoffice",
        "credentials",
        "links",
        "portal",
        "readings",
        "request_id",
        "task",
        "user_state",
        "viewer",
    )

    def __init__(
        self,
        asker: Asker | None,
        backoffice: BackOffice,
        request_id: str,
        user_state: "UserState",
        links: DownloadLinks,
        portal: Portal,
        credentials: "Credentials",
        asking: "Asking | None" = None,
        task: "asyncio.Task[Any] | None" = None,
    ) -> None:
        self.asker = asker
        self.viewer = asker if isinstance(asker, Viewer) else None
        """The person who asks; None for a tool and for nobody."""
        self.asking = asking
        self.task = task
        self.readings = Readings() if isinstance(asker, Tool) else None
        self.backoffice = backoffice
        self.request_id = request_id
        self.user_state = user_state
        self.links = links
        self.portal = portal
        self.credentials = credentials
        self._loaders: dict[tuple[Batch, tuple[Hashable, ...]], DataLoader[Any, Any]] = {}
        self._batches: set[asyncio.Task[Any]] = set()
        self._loaded: dict[tuple[object, tuple[Hashable, ...]], dict[Hashable, Any]] = {}

    @property
    def is_sequential(self) -> bool:
        """Whether nobody else can ask for anything now: in its own task it does one thing after the other."""
        task = self.task
        return task is not None and asyncio.current_task(task.get_loop()) is task

    def loader(self, batch: Batch, arguments: tuple[Hashable, ...]) -> "DataLoader[Any, Any]":
        """The data loader of this operation for one relation and one set of arguments."""
        found = self._loaders.get((batch, arguments))
        if found is None:

            async def load(keys: list[Any]) -> list[Any]:
                task = asyncio.current_task()
                assert task is not None  # noqa: S101 - for mypy: a coroutine runs in one
                self._batches.add(task)
                try:
                    return await batch(self, keys, *arguments)
                finally:
                    self._batches.discard(task)

            found = self._loaders[batch, arguments] = DataLoader(load)
        return found

    def abandon(self) -> None:
        """Nobody waits for it any more: ends the batches that its loaders began, in tasks of their own."""
        for task in self._batches:
            task.cancel()

    def loaded(self, relation: object, arguments: tuple[Hashable, ...]) -> dict[Hashable, Any]:
        """What this operation has of one relation and one set of arguments, by key."""
        return self._loaded.setdefault((relation, arguments), {})


@dataclass(frozen=True, slots=True)
class Operations:
    """What all operations share, and where each begins. `caching` is None where nothing is kept."""

    backoffice: BackOffice
    user_state: "UserState"
    links: DownloadLinks
    portal: Portal
    credentials: "Credentials"
    caching: "Caching | None" = None

    def begin(self, asker: Asker | None, request_id: str, *, cached: bool = False) -> Operation:
        """A new operation of whoever asks. Only where it may be `cached`, and a person asks, something may be
        some seconds old."""
        backoffice, asking = self.backoffice, None
        if self.caching is not None:
            backoffice = self.caching.anew
            if cached and isinstance(asker, Viewer):
                backoffice, asking = self.caching.of(asker.client_numbers)
        return Operation(
            asker,
            backoffice,
            request_id,
            self.user_state,
            self.links,
            self.portal,
            self.credentials,
            asking,
            asyncio.current_task(),
        )
