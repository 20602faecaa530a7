"""`leasegraph invite`: mails many clients the direct link to their first login.

It can be broken off: the store knows whose invitation the mail server has taken, so the same list, given
again, does only the rest.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from auth.errors import DirectoryUnavailable, MailUnavailable, TooManyInvitations
from auth.keys import LOGIN, normal_login
from auth.service import Auth
from gateway.setting import SettingsError

RESULTS = ("sent", "earlier", "active", "locked", "limited", "unknown", "failed")
_FAILURES_IN_A_ROW = 5
_BAR = 30


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's arguments."""
    invite = commands.add_parser("invite", help="mail clients the link to their first login")
    invite.add_argument("logins", nargs="*", metavar="login", help="a client number")
    invite.add_argument("--file", type=Path, help="a file with a login a line; - is standard input")
    invite.add_argument("--per-minute", type=_rate, default=120.0, help="most mails in a minute (120)")
    invite.add_argument("--again", action="store_true", help="also who has an invitation that still works")
    invite.set_defaults(run=lambda given: asyncio.run(_invite(_logins(given), given)))


def _rate(text: str) -> float:
    rate = float(text)
    if not rate > 0:
        raise argparse.ArgumentTypeError("it must be more than 0")
    return rate


def _logins(given: argparse.Namespace) -> list[str]:
    """Each once, in the order given. Raises SettingsError where one is no login: then nobody is invited."""
    lines: Iterable[str] = given.logins
    if given.file is not None:
        try:
            text = sys.stdin.read() if str(given.file) == "-" else given.file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{given.file} can't be read: {error}") from error
        lines = [*lines, *(line.partition("#")[0] for line in text.splitlines())]
    logins = [normal_login(line) for line in lines if line.strip()]
    wrong = [login for login in logins if not LOGIN.fullmatch(login)]
    if wrong or not logins:
        what = f"{wrong[0]!r} is no login: 1 to 20 digits" if wrong else "no login given"
        raise SettingsError(f"{what}. Nobody was invited.")
    return list(dict.fromkeys(logins))


class Progress:
    """A bar on standard error where that is a terminal; else a plain line for each login."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._terminal = sys.stderr.isatty()

    def step(self, login: str, result: str) -> None:
        self._done += 1
        if not self._terminal:
            print(f"{login} {result}", flush=True)
            return
        bar = ("█" * (_BAR * self._done // self._total)).ljust(_BAR, "·")
        print(f"\r{bar} {self._done}/{self._total} {login} {result:<8}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._terminal:
            print(file=sys.stderr)


async def _invite(logins: list[str], given: argparse.Namespace) -> int:
    """Exit status 1 where invitations failed or were not tried: the same command does the rest."""
    from gateway.cli.joined import joined_auth  # loads all that the gateway is made of

    counted: Counter[str] = Counter()
    progress = Progress(len(logins))
    try:
        async with joined_auth() as auth:
            await _invite_all(auth, logins, given, counted, progress)
    finally:
        progress.end()
        left = len(logins) - counted.total()
        parts = [f"{counted[result]} {result}" for result in RESULTS if counted[result]]
        noun = "login" if len(logins) == 1 else "logins"
        print(f"{len(logins)} {noun}: {', '.join(parts + [f'{left} left'] * bool(left))}.")
    return 1 if counted["failed"] or left else 0


async def _invite_all(
    auth: Auth, logins: list[str], given: argparse.Namespace, counted: Counter[str], progress: Progress
) -> None:
    failures = 0
    for login in logins:
        begun = time.monotonic()
        try:
            # `sent`: the mail server has the mail
            result: str = await auth.invitations.deliver(login, again=given.again)
        except TooManyInvitations:
            result = "limited"
        except (DirectoryUnavailable, MailUnavailable):
            result = "failed"
        counted[result] += 1
        progress.step(login, result)
        failures = failures + 1 if result == "failed" else 0
        if failures == _FAILURES_IN_A_ROW:
            return
        if result == "sent":
            await asyncio.sleep(max(0.0, begun + 60 / given.per_minute - time.monotonic()))
