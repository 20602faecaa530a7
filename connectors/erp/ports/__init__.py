"""The parts of the ERP port: one Protocol for what one system is likely to hold."""

from typing import Final, Protocol

from connectors.erp.ports.books import BooksPort
from connectors.erp.ports.clients import ClientPort
from connectors.erp.ports.contracts import ContractPort
from connectors.erp.ports.notifications import NotificationPort
from connectors.erp.ports.promotions import PromotionPort
from connectors.erp.ports.requests import RequestPort
from connectors.erp.ports.users import AccountPort

PARTS: Final[dict[str, type]] = {
    "clients": ClientPort,
    "users": AccountPort,
    "contracts": ContractPort,
    "books": BooksPort,
    "requests": RequestPort,
    "promotions": PromotionPort,
    "notifications": NotificationPort,
}
"""Each part by its name in the settings and in `resolvers.backoffice.BackOffice`."""


class ErpPort(
    ClientPort, AccountPort, ContractPort, BooksPort, RequestPort, PromotionPort, NotificationPort, Protocol
):
    """An ERP that has every part."""
