"""A notice that the client's registered seat changes; its NIP stays."""

import re

from connectors.erp.records.request import RequestKind
from connectors.erp.requests.registered_seat_change import NewSeat, RegisteredSeatChangeDetails
from resolvers.countries import COUNTRIES
from resolvers.permissions import Subject
from resolvers.service_requests.case import Case, Kind

_POLISH_POSTAL_CODE = re.compile(r"\d{2}-\d{3}", re.ASCII)


async def _details(case: Case) -> RegisteredSeatChangeDetails:
    given = case.given
    return RegisteredSeatChangeDetails(
        address=_address(case),
        effective_on=given.effective_on,
        register_evidence=case.text(given.register_evidence, 200, "registerEvidence"),
        correspondence_address_too=given.correspondence_address_too,
    )


def _address(case: Case) -> NewSeat:
    given = case.given.address
    case.require(
        given.country in COUNTRIES, "must be two capital letters of ISO 3166-1", "address", "country"
    )
    code = case.text(given.postal_code, 12, "address", "postalCode")
    if given.country == "PL":
        is_polish = bool(_POLISH_POSTAL_CODE.fullmatch(code))
        case.require(is_polish, "must be a Polish postal code, NN-NNN", "address", "postalCode")
    return NewSeat(
        street=case.text(given.street, 100, "address", "street"),
        building=case.text(given.building, 20, "address", "building"),
        unit=case.text(given.unit, 20, "address", "unit") if given.unit else None,
        postal_code=code,
        city=case.text(given.city, 100, "address", "city"),
        country=given.country,
    )


KIND = Kind(RequestKind.REGISTERED_SEAT_CHANGE, Subject.CLIENT, _details)
