"""The table of scopes: every record that a connector knows has a row, and every loader says what it loads."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import connectors
import resolvers
from connectors.record import Record
from resolvers.credentials import last_logins_by_login
from resolvers.listing import Listing
from resolvers.loading import Loader
from resolvers.scopes import SCOPES
from resolvers.user_state import marks_by_login

TABLE = {
    "clients:read": "Client Promotion",
    "users:read": "Account",
    "contracts:read": "Contract Schedule Instalment Policy",
    "invoices:read": "Invoice InvoiceLine",
    "payments:read": "Allocation Payment Balance ContractBalance VirtualAccount",
    "requests:read": "ServiceRequest Quote",
    "documents:read": "Document",
    "messages:read": "Message Notification",
}


def modules(package: Any) -> Iterator[Any]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def test_the_table() -> None:
    rows: dict[str, set[str]] = {}
    for record, scope in SCOPES.items():
        rows.setdefault(scope, set()).add(record.__name__.removesuffix("Record"))
    assert rows == {scope: set(names.split()) for scope, names in TABLE.items()}


def test_every_record_has_a_row() -> None:
    records = {
        value
        for module in modules(connectors)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Record) and value is not Record
    }
    assert len(records) > 15
    missing = {record.__name__ for record in records - set(SCOPES)}
    assert not missing, f"say in resolvers/scopes.py which scope covers {sorted(missing)}"


def test_every_loader_says_what_it_loads() -> None:
    """Else a tool would be shown nothing where it should be told which scope it lacks."""
    known = {name: value for module in modules(resolvers) for name, value in vars(module).items()}
    loaders = {name: value for name, value in known.items() if isinstance(value, Loader)}
    listings = {name: value for name, value in known.items() if isinstance(value, Listing)}
    assert len(loaders) > 20
    assert len(listings) > 8
    for name, listing in listings.items():
        loaders |= {f"{name}.pages": listing._pages, f"{name}.counts": listing._counts}
    silent = [name for name, loader in loaders.items() if loader.record not in SCOPES]
    # what the gateway's own store knows of a user, reached only through one who is shown
    own = (marks_by_login, last_logins_by_login)
    assert silent == [name for name, loader in loaders.items() if loader in own]


def test_the_documents_name_every_scope() -> None:
    told = (Path(__file__).parents[2] / "docs" / "graphql.md").read_text()
    for scope in SCOPES.values():
        assert f"`{scope}`" in told, f"docs/graphql.md does not name {scope}"
