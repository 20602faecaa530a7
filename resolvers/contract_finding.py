"""Finding contracts: which conditions make sense, and in which orders they are listed."""

from datetime import date
from enum import Enum

import msgspec

from connectors.erp.queries import ContractFilter, Direction, Order
from connectors.erp.records.contract import ContractRecord
from resolvers import search_terms
from resolvers.paging import Keyset


class ContractOrderField(Enum):
    """What contracts are sorted by; the value is its name in the ERP's contract."""

    STARTS_ON = "startsOn"
    ENDS_ON = "endsOn"


class ContractOrder(msgspec.Struct, frozen=True):
    """An order of contracts; equal ones stand by id."""

    field: ContractOrderField = ContractOrderField.STARTS_ON
    direction: Direction = Direction.DESC


NEWEST = ContractOrder()
CONTRACTS: Keyset[ContractRecord] = Keyset("contracts", starts_on=date, id=str)
_COLUMNS = {ContractOrderField.STARTS_ON: "starts_on", ContractOrderField.ENDS_ON: "ends_on"}


def keyset_of(order: ContractOrder) -> Keyset[ContractRecord]:
    """The keyset of an order."""
    if order == NEWEST:
        return CONTRACTS
    asked = Order(order.field.value, order.direction)
    return Keyset("contracts", asked, **{_COLUMNS[order.field]: date}, id=str)


def checked(where: ContractFilter) -> ContractFilter:
    """The conditions as the ERP is asked. Raises InputError for one that breaks a rule."""
    return msgspec.structs.replace(
        where,
        number=search_terms.number("filter.number", where.number),
        asset_name_contains=search_terms.part("filter.assetNameContains", where.asset_name_contains),
        registration_number=search_terms.registration("filter.registrationNumber", where.registration_number),
        vin=search_terms.vin("filter.vin", where.vin),
    )
