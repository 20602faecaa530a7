"""The fault `lie`: every result is another client's record or page, with that client's own number on it."""

from typing import Any

import msgspec

from sandbox.data.clients import client_email, client_number
from sandbox.documents.store import DocumentStore
from sandbox.erp.collection import BY_CLIENT, Collection
from sandbox.erp.portal_collections import ACCOUNTS
from sandbox.erp.reads import MOST_ITEMS, Reader
from sandbox.erp.tables import CLIENTS, COLLECTIONS, INSTALMENTS, INVOICES, SCHEDULES
from sandbox.mail.archive import Archive, Correspondent

# Two, so that there is another one for either of them.
DONORS = (10_004, 10_005)


class Liar:
    """Gives true records to the wrong question."""

    def __init__(self, reader: Reader, documents: DocumentStore, archive: Archive) -> None:
        """Takes other clients' data from where they are read."""
        self._reader, self._documents, self._archive = reader, documents, archive

    def lie(self, path: str, results: list[Any]) -> list[Any]:
        """Results of the same shape for a path of the three services."""
        donated: dict[int, list[Any]] = {}
        lies = []
        for result in results:
            donor = DONORS[1] if _about(result, DONORS[0]) else DONORS[0]
            if donor not in donated:
                donated[donor] = self._records(path, donor)
            lies.append(_instead(result, donated[donor]))
        return lies

    def _records(self, path: str, donor: int) -> list[Any]:
        parts = path.strip("/").split("/")
        if parts[0] == "mail":
            correspondent = Correspondent(client_email(donor), client_number(donor))
            return _items(self._archive.pages([correspondent], 100).get(correspondent))
        if parts[0] == "documents":
            invoices = [f"invoice:{invoice['id']}" for invoice in self._of_client(INVOICES, donor)]
            found = self._documents.of_owners(invoices)
            return [document for invoice in invoices for document in msgspec.to_builtins(found[invoice])]
        collection = COLLECTIONS[parts[1]]
        number = client_number(donor)
        if collection in (CLIENTS, ACCOUNTS):
            key = next(iter(collection.get_by.values()))
            return [
                msgspec.json.decode(record)
                for record in self._reader.records(collection, key, [number]).values()
            ]
        if collection is INSTALMENTS:
            schedules = [str(schedule["id"]) for schedule in self._of_client(SCHEDULES, donor)]
            keys = [f"{schedule}{place:03d}" for schedule in schedules for place in range(120)]
            found_instalments = self._reader.records(INSTALMENTS, INSTALMENTS.get_by["id"], keys)
            return [msgspec.json.decode(record) for record in found_instalments.values()]
        return self._of_client(collection, donor)

    def _of_client(self, collection: Collection, client: int) -> list[Any]:
        number = client_number(client)
        return _items(self._reader.pages(collection, BY_CLIENT, [number], MOST_ITEMS, [], {}).get(number))


def _items(page: str | None) -> list[Any]:
    return [] if page is None else list(msgspec.json.decode(page)["items"])


def _about(result: Any, client: int) -> bool:
    if isinstance(result, dict) and "items" in result:
        return any(_about(item, client) for item in result["items"])
    if not isinstance(result, dict):
        return False
    number = result.get("clientNumber") or result.get("login") or result.get("number")
    return bool(number == client_number(client))


def _instead(result: Any, records: list[Any]) -> Any:
    if isinstance(result, int):
        return result + 7
    if isinstance(result, dict) and "items" in result:
        return result | {"items": records[: max(1, len(result["items"]))]}
    return records[0] if records else result
