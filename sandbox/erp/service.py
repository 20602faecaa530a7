"""The ERP service's paths."""

import sqlite3
from collections.abc import Callable
from functools import partial

from sandbox.app import App
from sandbox.clock import Clock
from sandbox.erp.account_writes import AccountWrites
from sandbox.erp.changes import read_changes
from sandbox.erp.collection import Collection
from sandbox.erp.reads import Reader
from sandbox.erp.request_steps import RequestSteps
from sandbox.erp.submissions import submit
from sandbox.erp.tables import COLLECTIONS
from sandbox.exchange import Answer, Handler, Request, encoded


def add_erp(app: App, database: sqlite3.Connection, clock: Clock, reader: Reader) -> None:
    """Serve every collection, requests, changes and health."""
    for collection in COLLECTIONS.values():
        path = f"/v1/{collection.name}"
        if collection.get_by:
            app.read(f"{path}/get", _read(reader.read_get, collection))
        if collection.list_by:
            app.read(f"{path}/list", _read(reader.read_list, collection))
            app.read(f"{path}/count", _read(reader.read_count, collection))
    app.route("POST", "/v1/requests", partial(submit, database, clock, reader))
    app.route("POST", "/v1/requests/", RequestSteps(database, clock, reader).take)
    accounts = AccountWrites(database, clock, reader)
    app.route("POST", "/v1/accounts", accounts.add)
    app.route("POST", "/v1/accounts/", accounts.change)
    app.route("GET", "/v1/changes", partial(read_changes, database))
    for service in ("", "/documents", "/mail"):
        app.route("GET", f"{service}/v1/health", lambda _: encoded({"status": "ok", "today": clock.today}))


def _read(answer: Callable[[Collection, bytes], Answer], collection: Collection) -> Handler:
    def handle(request: Request) -> Answer:
        return answer(collection, request.body)

    return handle
