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
        (ClientFilter(name_contains="KOREKTA"), ["0010002"]),
        (ClientFilter(name_contains="%"), []),
        (ClientFilter(einvoice_email="efaktury_example.com"), []),
    ],
)
async def test_nothing_stands_for_anything_else(
    erp: TrytonErp, where: ClientFilter, numbers: list[str]
) -> None:
    (page,) = await erp.all_clients([ALL], where, Slice(5))
    assert [each.number for each in page.items if isinstance(each, ClientRecord)] == numbers
