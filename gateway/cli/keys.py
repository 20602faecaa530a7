"""`leasegraph keys rotate`: the keys that sign tokens."""

import argparse
import asyncio

from auth.audit import StreamAudit
from auth.store import Store
from auth.tokens.signing_keys import SigningKeys
from gateway.secret_key import secret_key
from gateway.settings import Settings, load
from gateway.state import join_store


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's arguments."""
    keys = commands.add_parser("keys", help="the keys that sign tokens")
    kinds = keys.add_subparsers(dest="what", required=True)
    rotate = kinds.add_parser("rotate", help="sign with the next key from now on; no token is refused for it")
    rotate.set_defaults(run=lambda _: asyncio.run(_rotate(load())))


async def _rotate(settings: Settings) -> None:
    from gateway.app import auth_options

    options = auth_options(settings, secret_key(settings))
    async with join_store(settings) as client:
        store = Store(client)
        active = await SigningKeys(store, StreamAudit(store, options.audit_entries), options).rotate()
    print(f"Key {active} signs now. The one before stays published for {options.retired_key_seconds:.0f} s.")
