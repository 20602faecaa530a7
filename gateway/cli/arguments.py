"""What several commands take as arguments."""

import argparse

from auth.keys import LOGIN, normal_login
from gateway.setting_values import WORKERS, number


def login(text: str) -> str:
    """A login. Raises what argparse tells as a mistake in the arguments."""
    found = normal_login(text)
    if not LOGIN.fullmatch(found):
        raise argparse.ArgumentTypeError(f"{text!r} is no login: 1 to 20 digits")
    return found


def workers(text: str) -> int:
    """A number of processes, as the setting's. Raises as above."""
    try:
        return number(*WORKERS)(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of workers: {error}") from error
