"""The back-office systems that an operation may ask."""

from dataclasses import dataclass

from connectors.documents.port import DocumentPort
from connectors.erp.ports.books import BooksPort
from connectors.erp.ports.clients import ClientPort
from connectors.erp.ports.contracts import ContractPort
from connectors.erp.ports.notifications import NotificationPort
from connectors.erp.ports.promotions import PromotionPort
from connectors.erp.ports.requests import RequestPort
from connectors.erp.ports.users import AccountPort
from connectors.mail.port import MailArchive


@dataclass(frozen=True, slots=True)
class BackOffice:
    """Where each part comes from; several may come from one system.

    `ksef_qr_url` is where KSeF verifies invoices: of a system that is linked to and never asked.
    """

    clients: ClientPort
    users: AccountPort
    contracts: ContractPort
    books: BooksPort
    requests: RequestPort
    promotions: PromotionPort
    notifications: NotificationPort
    documents: DocumentPort
    mail: MailArchive
    ksef_qr_url: str
