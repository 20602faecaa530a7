"""The back-office systems that an operation may ask."""

from dataclasses import dataclass

from connectors.documents.port import DocumentPort
from connectors.erp.port import ErpPort
from connectors.mail.port import MailArchive


@dataclass(frozen=True, slots=True)
class BackOffice:
    """One system for each port."""

    erp: ErpPort
    documents: DocumentPort
    mail: MailArchive
