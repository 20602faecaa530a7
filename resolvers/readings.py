"""What an internal tool has read in one operation, for the audit."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from connectors.batch import Page
from connectors.erp.records.client import ClientRecord
from connectors.errors import MalformedRecord
from connectors.record import Record


class Readings:
    """`asked` are the root fields that answered, each with the number of what it found or with the names of
    its conditions: what they hold may be a name or an address. `records` counts by type of record.
    """

    def __init__(self) -> None:
        self.operation = ""
        self.asked: list[str] = []
        self.client_numbers: set[str] = set()
        self.records: Counter[str] = Counter()

    def note(self, results: Sequence[object]) -> None:
        """What a loader gave to the operation."""
        for result in results:
            for item in result.items if isinstance(result, Page) else (result,):
                if isinstance(item, Record):
                    self.records[type(item).__name__.removesuffix("Record")] += 1
                if isinstance(item, Record | MalformedRecord):
                    self._of(getattr(item, "client_number", None))

    def answered(self, field: str, conditions: Iterable[str], found: Any) -> None:
        """What a root field found."""
        told = [*conditions, *(_number(each) for each in (found if isinstance(found, list) else [found]))]
        words = ",".join(filter(None, told))
        self.asked.append(f"{field}({words})" if words else field)

    def _of(self, client_number: str | None) -> None:
        if client_number is not None:
            self.client_numbers.add(client_number)


def _number(found: object) -> str:
    """The number of a contract, invoice or request; a client's is a login, and never written in clear."""
    number = getattr(found, "number", None)
    return number if isinstance(number, str) and not isinstance(found, ClientRecord) else ""
