"""`leasegraph account show | lock | unlock`: one client's access."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from auth.errors import DirectoryUnavailable
from auth.service import Auth
from gateway.cli.arguments import login

Act = Callable[[Auth, str], Awaitable[None]]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's arguments."""
    account = commands.add_parser("account", help="show, lock or unlock one client's access")
    kinds = account.add_subparsers(dest="kind", required=True)
    for kind, about, act in (
        ("show", "print what is known of it, no secret", _show),
        ("lock", "let nobody in, and end all sessions at once", _lock),
        ("unlock", "undo a lock, and forget failed logins and wrong PINs", _unlock),
    ):
        each = kinds.add_parser(kind, help=about)
        each.add_argument("login", type=login)
        each.set_defaults(run=lambda given, act=act: asyncio.run(_run(act, given.login)))


async def _run(act: Act, of: str) -> None:
    from gateway.cli.joined import joined_auth  # loads all that the gateway is made of

    async with joined_auth() as auth:
        await act(auth, of)


def _time(moment: datetime | None, none: str) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC") if moment else none


async def _show(auth: Auth, of: str) -> None:
    state = await auth.locks.read(of)
    try:
        known = "yes" if await auth.directory.account_by_login(of) else "no"
    except DirectoryUnavailable:
        known = "not known now"
    for name, value in (
        ("login", of),
        ("in the back office", known),
        ("password", _time(state.password_set, "set" if state.active else "none")),
        ("invited until", _time(state.invited_until, "-")),
        ("locked since", _time(state.locked, "-")),
        ("sessions", state.sessions),
        ("failed logins", state.failures),
        ("… hold it until", _time(state.failures_lock_until, "-")),
    ):
        print(f"{name:<20}{value}")


async def _lock(auth: Auth, of: str) -> None:
    locked = await auth.locks.lock(of)
    active = (await auth.locks.read(of)).active
    how = "was locked already" if locked.already else "is locked"
    print(f"{of} {how}; sessions ended: {locked.sessions}.{'' if active else ' It has no password.'}")


async def _unlock(auth: Auth, of: str) -> None:
    unlocked = await auth.locks.unlock(of)
    print(f"{of} {'is unlocked' if unlocked else 'was not locked'}; failed attempts are forgotten.")
