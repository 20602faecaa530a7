"""What a command works with: auth over the gateway's store and back office, whether or not a gateway runs."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from auth.service import Auth
from gateway.app import auth_options
from gateway.assembly import open_systems
from gateway.identity import CredentialMails, ErpAccounts
from gateway.secret_key import secret_key
from gateway.settings import load
from gateway.state import join_store


@asynccontextmanager
async def joined_auth() -> AsyncIterator[Auth]:
    """Closed in the end. Raises SettingsError. Nobody waits for an answer here, so none is on a beat."""
    settings = load()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("connectors").setLevel(logging.ERROR)  # what comes of a failed call is told anyway
    async with join_store(settings) as store, open_systems(settings) as systems:
        options = replace(auth_options(settings, secret_key(settings)), answer_step_seconds=0)
        auth = Auth(store, ErpAccounts(systems.backoffice.users), CredentialMails(systems.sender), options)
        try:
            yield auth
        finally:
            await auth.close()
