"""Folders in the data folder, made where they are missing."""

import os
from pathlib import Path

from gateway.setting import SettingsError


def make_folder(folder: Path, mode: int = 0o777) -> Path:
    """The folder. Raises SettingsError where it can't be made or written."""
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, f"can't be made ({error.strerror})") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unusable(folder, "can't be written")
    return folder


def _unusable(folder: Path, why: str) -> SettingsError:
    return SettingsError(
        f"LEASEGRAPH_DATA_DIR: {folder} {why}. Let this user write there, or name another folder."
    )
