"""Clients, as a real Tryton keeps parties."""

import pytest

from connectors.erp.port import ALL
from connectors.erp.queries import ClientFilter, Slice
from connectors.erp.records.client import ClientRecord
from connectors.erp.tryton import TrytonErp


async def test_client(erp: TrytonErp) -> None:
    (found,) = await erp.clients_by_number(["0010001"])
    assert isinstance(found, ClientRecord)
    assert found.name == "Budowlanka Kowalski Sp. z o.o."
    assert (found.nip, found.regon, found.krs) == ("5260250274", "010778878", "0000127062")
    seat = found.registered_seat
    assert (seat.street, seat.building, seat.postal_code) == ("Testowa", "1", "00-001")
    assert (seat.city, seat.country) == ("Warszawa", "PL")
    assert found.einvoice_email == "efaktury@example.com"


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        (ClientFilter(number_starts_with="001000"), [f"001000{n}" for n in range(1, 6)]),
        (ClientFilter(name_contains="KOREKTA"), ["0010002"]),
        (ClientFilter(name_contains="%"), []),
        (ClientFilter(nip="5260250274"), ["0010001"]),
        (ClientFilter(regon="010778878"), ["0010001"]),
        (ClientFilter(krs="0000127062"), ["0010001"]),
        (ClientFilter(einvoice_email="efaktury@example.com"), ["0010001"]),
        (ClientFilter(einvoice_email="efaktury_example.com"), []),
    ],
)
async def test_finding(erp: TrytonErp, where: ClientFilter, numbers: list[str]) -> None:
    found: list[str] = []
    after = None
    for _ in range(len(numbers) + 1):
        (page,) = await erp.all_clients([ALL], where, Slice(2, after))
        found += [each.number for each in page.items if isinstance(each, ClientRecord)]
        after = page.next
        if not page.has_next:
            break
    assert found == numbers
    assert await erp.all_client_counts([ALL], where) == [len(numbers)]
