"""An offer for ending a contract early."""

from connectors.erp.records.request import RequestKind
from connectors.erp.requests.early_termination_offer import EarlyTerminationOfferDetails, TerminationMode
from resolvers.identifiers import nip
from resolvers.permissions import Subject
from resolvers.service_requests.case import Case, Kind


async def _details(case: Case) -> EarlyTerminationOfferDetails:
    given = case.given
    day, ends_on = given.termination_date, case.contract.ends_on
    case.require(day >= case.today, f"must not be before today, {case.today}", "terminationDate")
    case.require(day < ends_on, f"must be before the contract's end, {ends_on}", "terminationDate")
    case.known(given.mode, "mode")
    buyer = None
    if given.mode is TerminationMode.THIRD_PARTY:
        buyer = nip(given.buyer_nip or "")
        case.require(
            buyer is not None, "must be a NIP: 10 digits whose last one is their check digit", "buyerNip"
        )
    else:
        case.require(not given.buyer_nip, "goes with THIRD_PARTY only", "buyerNip")
    return EarlyTerminationOfferDetails(day, given.mode, buyer)


KIND = Kind(RequestKind.EARLY_TERMINATION_OFFER, Subject.CONTRACT, _details)
