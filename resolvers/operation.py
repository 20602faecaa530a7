"""One GraphQL operation: who asks, whom we may ask, and what has been loaded already."""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiodataloader import DataLoader

from resolvers.backoffice import BackOffice
from resolvers.downloads.links import DownloadLinks
from resolvers.viewer import Viewer

if TYPE_CHECKING:
    from resolvers.user_state import UserState

Batch = Callable[..., Awaitable[list[Any]]]


class Operation:
    """Lives as long as one operation: its loaders' caches must not outlive a viewer's rights."""

    __slots__ = ("_loaded", "_loaders", "backoffice", "links", "request_id", "user_state", "viewer")

    def __init__(
        self,
        viewer: Viewer | None,
        backoffice: BackOffice,
        request_id: str,
        user_state: "UserState",
        links: DownloadLinks,
    ) -> None:
        self.viewer = viewer
        self.backoffice = backoffice
        self.request_id = request_id
        self.user_state = user_state
        self.links = links
        self._loaders: dict[tuple[Batch, tuple[Hashable, ...]], DataLoader[Any, Any]] = {}
        self._loaded: dict[tuple[object, tuple[Hashable, ...]], dict[Hashable, Any]] = {}

    def loader(self, batch: Batch, arguments: tuple[Hashable, ...]) -> "DataLoader[Any, Any]":
        """The data loader of this operation for one relation and one set of arguments."""
        found = self._loaders.get((batch, arguments))
        if found is None:

            async def load(keys: list[Any]) -> list[Any]:
                return await batch(self, keys, *arguments)

            found = self._loaders[batch, arguments] = DataLoader(load)
        return found

    def loaded(self, relation: object, arguments: tuple[Hashable, ...]) -> dict[Hashable, Any]:
        """What this operation has of one relation and one set of arguments, by key."""
        return self._loaded.setdefault((relation, arguments), {})


@dataclass(frozen=True, slots=True)
class Operations:
    """What all operations share, and where each begins."""

    backoffice: BackOffice
    user_state: "UserState"
    links: DownloadLinks

    def begin(self, viewer: Viewer | None, request_id: str) -> Operation:
        """A new operation of this viewer."""
        return Operation(viewer, self.backoffice, request_id, self.user_state, self.links)
