"""An opinion on the cooperation: about some contracts of the client, or about all."""

import asyncio

from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.request import RequestKind
from connectors.erp.requests.cooperation_opinion import CooperationOpinionDetails
from resolvers import nodes
from resolvers.permissions import Subject
from resolvers.service_requests.case import Case, Kind

MOST_CONTRACTS = 100


async def _details(case: Case) -> CooperationOpinionDetails:
    given = case.given
    case.known(given.language, "language")
    case.known(given.delivery, "delivery")
    return CooperationOpinionDetails(
        contract_numbers=await _contracts(case),
        purpose=case.text(given.purpose, 500, "purpose"),
        addressee=case.text(given.addressee, 200, "addressee"),
        language=given.language,
        delivery=given.delivery,
    )


async def _contracts(case: Case) -> tuple[str, ...] | None:
    chosen = case.given.contracts
    if not chosen.ids:
        case.require(chosen.all is True, "must be true, or 'ids' must name contracts", "contracts", "all")
        return None
    path = ("contracts", "ids")
    ids = list(dict.fromkeys(chosen.ids))
    if len(ids) > MOST_CONTRACTS:
        case.require(False, f"must hold at most {MOST_CONTRACTS} contracts", *path)
        return None
    found: list[ContractRecord | None] = await asyncio.gather(
        *(nodes.of_type(case.op, "Contract", value) for value in ids)
    )
    for index, contract in enumerate(found):
        if contract is None or contract.client_number != case.client_number:
            case.missing(*path, str(index))
    return tuple(contract.number for contract in found if contract)


KIND = Kind(RequestKind.COOPERATION_OPINION, Subject.CLIENT, _details)
