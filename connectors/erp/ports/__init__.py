"""The parts of the ERP port: one Protocol for what one system is likely to hold."""

from typing import Protocol

from connectors.erp.changes import ChangeFeed
from connectors.erp.ports.books import BooksPort
from connectors.erp.ports.clients import ClientPort
from connectors.erp.ports.contracts import ContractPort
from connectors.erp.ports.notifications import NotificationPort
from connectors.erp.ports.promotions import PromotionPort
from connectors.erp.ports.requests import RequestPort
from connectors.erp.ports.users import AccountPort


class ErpPort(
    ClientPort,
    AccountPort,
    ContractPort,
    BooksPort,
    RequestPort,
    PromotionPort,
    NotificationPort,
    ChangeFeed,
    Protocol,
):
    """An ERP that has every part, and tells of its changes."""
