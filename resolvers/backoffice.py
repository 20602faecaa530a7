"""The back-office systems that an operation may ask."""

from dataclasses import dataclass

from connectors.documents.port import DocumentPort
from connectors.erp.port import ErpPort
from connectors.mail.port import MailArchive


@dataclass(frozen=True, slots=True)
class BackOffice:
    """One system for each port.

    `ksef_qr_url` is where KSeF verifies invoices: of a system that is linked to and never asked.
    """

    erp: ErpPort
    documents: DocumentPort
    mail: MailArchive
    ksef_qr_url: str
