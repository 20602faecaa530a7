"""Documents in a folder."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from connectors.documents.folder import FolderDocuments
from gateway.data_folder import make_folder
from gateway.setting import REQUIRED, setting
from gateway.setting_values import seconds
from gateway.systems.kind import Kind, Opened, Surroundings


@dataclass(frozen=True, kw_only=True)
class FolderKeys:
    """Where the documents are."""

    path: Path = setting(REQUIRED, Path, "a folder", "The folder, laid out as systems.md says.")
    timeout: float = setting(5.0, seconds, "seconds", "Longest wait for one answer, or part of a file.")


async def _open(name: str, keys: FolderKeys, surroundings: Surroundings, stack: AsyncExitStack) -> Opened:
    if keys.path == surroundings.own_documents:  # one that was named may be a mount that is missing
        make_folder(keys.path)
    guard = surroundings.guard(name, keys.timeout)
    documents = FolderDocuments(name, keys.path, timeout=keys.timeout, guard=guard)
    stack.callback(documents.close)
    return Opened({"documents": documents}, guard=guard)


FOLDER: Final[Kind] = Kind(
    "folder", "A folder of this machine, or mounted on it.", ("documents",), FolderKeys, _open
)
