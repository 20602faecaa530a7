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
    rotate.add_argument(
        "--leaked", action="store_true", help="replace all keys at once; refuses every token signed before"
    )
    rotate.set_defaults(run=lambda given: asyncio.run(_rotate(load(), leaked=given.leaked)))


async def _rotate(settings: Settings, *, leaked: bool) -> None:
    from gateway.app import auth_options

    async with join_store(settings) as client:
        options = auth_options(settings, secret_key(settings))
        store = Store(client)
        signing_keys = SigningKeys(store, StreamAudit(store, options.pepper, options.audit_entries), options)
        active = await signing_keys.rotate(leaked=leaked)
    before = "counts for nothing" if leaked else f"counts for {options.retired_key_seconds:.0f} s more"
    print(f"Key {active} signs now; what the one before it signed {before}.")
