"""An authorisation to take a vehicle of the contract abroad, as far and as long as its policies cover it."""

import msgspec

from connectors.erp.records.contract import AssetType
from connectors.erp.records.policy import PolicyRecord
from connectors.erp.records.request import RequestKind
from connectors.erp.requests.travel_authorisation import TravelAuthorisationDetails, TravelTerms
from connectors.errors import MalformedRecord
from resolvers.countries import COUNTRIES
from resolvers.permissions import Subject
from resolvers.policies import policies_of
from resolvers.service_requests.case import Case, Kind

MOST_DRIVERS = 10
MOST_COUNTRIES = 50


async def _details(case: Case) -> TravelAuthorisationDetails:
    given = case.given
    plate = _plate(case)
    policies = []
    for policy in await policies_of(case.op, case.contract):
        if isinstance(policy, MalformedRecord):
            raise policy  # it might be the one that excludes a country
        policies.append(policy)
    _check_days(case, policies)
    _check_countries(case, policies)
    case.require(1 <= len(given.drivers) <= MOST_DRIVERS, f"must name 1 to {MOST_DRIVERS} drivers", "drivers")
    case.known(given.language, "language")
    return TravelAuthorisationDetails(
        registration_number=plate,
        countries=tuple(dict.fromkeys(given.countries)),
        first_day=given.first_day,
        last_day=given.last_day,
        drivers=tuple(case.text(name, 100, "drivers", str(i)) for i, name in enumerate(given.drivers)),
        language=given.language,
        policy_annex=given.policy_annex,
    )


def _plate(case: Case) -> str | None:
    """The registration number as the contract has it, where one of its vehicles is meant."""
    asked = case.given.registration_number.replace(" ", "").upper()
    for asset in case.contract.assets:
        plate = asset.registration_number
        if asset.type is AssetType.VEHICLE and plate and plate.replace(" ", "") == asked:
            return plate
    case.missing("registrationNumber")
    return None


def _check_days(case: Case, policies: list[PolicyRecord]) -> None:
    first, last = case.given.first_day, case.given.last_day
    case.require(first >= case.today, f"must not be before today, {case.today}", "from")
    case.require(first <= last, "must not be before 'from'", "to")
    end = max((p.valid_to for p in policies), default=None)
    if end is not None:
        case.require(last <= end, f"must not be after the policy's end, {end}", "to")


def _check_countries(case: Case, policies: list[PolicyRecord]) -> None:
    """A country is covered where every policy that still runs says so; else an annex has to be ordered."""
    try:
        terms = msgspec.convert(case.terms, TravelTerms)
    except msgspec.ValidationError as error:
        raise MalformedRecord(case.op.backoffice.requests.system, "quote", f"terms: {error}") from error
    running = [p for p in policies if p.valid_to >= case.today]
    count = len(case.given.countries)
    case.require(1 <= count <= MOST_COUNTRIES, f"must name 1 to {MOST_COUNTRIES} countries", "countries")
    for index, country in enumerate(case.given.countries[:MOST_COUNTRIES]):
        path = ("countries", str(index))
        if country not in COUNTRIES:
            case.require(False, "must be two capital letters of ISO 3166-1", *path)
        elif country in terms.denied_countries:
            case.require(False, f"must not be {country}: nobody is authorised to go there", *path)
        elif country in terms.extra_cover_countries or any(country not in p.territory for p in running):
            rule = f"is {country}, which the policy does not cover: order the annex ('policyAnnex')"
            case.require(case.given.policy_annex, rule, *path)


KIND = Kind(RequestKind.TRAVEL_AUTHORISATION, Subject.CONTRACT, _details)
