"""The documents that a store holds: some of one day, some of one name, one empty, one large."""

from dataclasses import dataclass
from datetime import date

from connectors.documents.port import DocumentKind, DocumentOwner


@dataclass(frozen=True)
class StoredDocument:
    """A document as it is put into the store by whoever runs it, not through the port.

    `issued_on` is None where the store says by itself when a document was issued.
    """

    owner: DocumentOwner
    kind: DocumentKind
    file_name: str
    mime_type: str
    issued_on: date | None
    content: bytes

    @property
    def client(self) -> str:
        """Whose it is."""
        return self.owner.client_number


@dataclass(frozen=True)
class DocumentData:
    """All documents of the clients `client` and `other`; uploads are made for `uploader` and `neighbour`."""

    documents: tuple[StoredDocument, ...]
    client: str = "0010001"
    other: str = "0010002"
    uploader: str = "0010014"
    neighbour: str = "0010003"

    def of(self, client: str) -> list[StoredDocument]:
        """The documents of one client."""
        return [each for each in self.documents if each.client == client]

    @property
    def owners(self) -> list[DocumentOwner]:
        """Whatever has documents, each once."""
        return list(dict.fromkeys(each.owner for each in self.documents))


def _stored(
    client: str, owner: str, kind: DocumentKind, file_name: str, day: int, content: bytes | None = None
) -> StoredDocument:
    noun, _, key = owner.partition(":")
    return StoredDocument(
        DocumentOwner(noun, key, client),
        kind,
        file_name,
        "application/xml" if file_name.endswith(".xml") else "application/pdf",
        date(2026, 11, day),
        f"{owner} {file_name}: zażółć".encode() if content is None else content,
    )


_A, _B = "0010001", "0010002"

DOCUMENTS = DocumentData(
    (
        _stored(_A, "invoice:11", DocumentKind.INVOICE_PDF, "FV-11-2026.pdf", 3),
        _stored(_A, "invoice:11", DocumentKind.KSEF_XML, "FV-11-2026.xml", 3),
        _stored(_A, "invoice:11", DocumentKind.UPO, "potwierdzenie.xml", 5),
        _stored(_A, "invoice:13", DocumentKind.INVOICE_PDF, "FV-13-2026.pdf", 3),
        _stored(_A, "invoice:13", DocumentKind.UPO, "potwierdzenie.xml", 9),
        _stored(
            _A, "contract:5", DocumentKind.CONTRACT_PDF, "Umowa „leasingu” (2) – 100% #1 & 'kopia'.pdf", 1
        ),
        _stored(_A, "contract:5", DocumentKind.OTHER, "łódź+żółw=?.pdf", 3, b""),
        _stored(_A, "policy:7", DocumentKind.POLICY_PDF, "Polisa AC.pdf", 2, bytes(range(256)) * 8_000),
        _stored(_B, "invoice:21", DocumentKind.INVOICE_PDF, "FV-11-2026.pdf", 3),
        _stored(_B, "contract:8", DocumentKind.CONTRACT_PDF, "Umowa.pdf", 4),
    )
)
"""The worked store: eight documents of one client and two of another."""
