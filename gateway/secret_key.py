"""The installation's secret: from the settings, or made once and kept in the data folder."""

import os
import secrets
from pathlib import Path

from gateway.data_folder import make_folder
from gateway.setting import SettingsError
from gateway.settings import Settings

LEAST = 32


def key_file(settings: Settings) -> Path:
    """Where it is kept, if the settings don't have it."""
    return settings.data_dir / "secret.key"


def secret_key(settings: Settings) -> bytes:
    """The pepper's bytes. Raises SettingsError where it is too short."""
    if settings.secret_key:
        if len(settings.secret_key) < LEAST:
            raise SettingsError(f"LEASEGRAPH_SECRET_KEY: its value is shorter than {LEAST} characters.")
        return settings.secret_key.encode()
    make_folder(settings.data_dir)
    path = key_file(settings)
    try:
        # Made under another name and linked, so that a second process never reads a half-written key.
        made = path.with_name(f"secret.key.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
        return path.read_bytes().strip()
    except OSError as error:
        raise SettingsError(f"LEASEGRAPH_DATA_DIR: {path} can't be written ({error.strerror}).") from error
