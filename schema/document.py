"""Document: a file in the document store."""

from datetime import date

import strawberry

from connectors.documents.port import DocumentKind
from schema.fields import described, enum
from schema.node import Node, Source, sourced

enum(
    DocumentKind,
    "What a document is.",
    {
        "INVOICE_PDF": "An invoice to read and print.",
        "KSEF_XML": "An invoice as structured data, FA(3).",
        "UPO": "KSeF's official confirmation of receipt.",
        "CONTRACT_PDF": "A signed contract.",
        "SCHEDULE_PDF": "A payment schedule.",
        "POLICY_PDF": "An insurance policy.",
        "OTHER": "Anything else.",
    },
)


@strawberry.type(description="A file in the document store.")
class Document(Node):
    kind: DocumentKind = described("What it is.")
    title: str = described("What to call it in a list.")
    file_name: str = described("Name of the file.")
    mime_type: str = described("Media type of the file.")
    size: int = described("Size in bytes.")
    sha256: str = described("SHA-256 of the content, in lower-case hexadecimal.")
    issued_on: date | None = described("The day on which it was issued.")
    source: Source = sourced("documents")
