"""A folder of documents."""

import os
from datetime import UTC, datetime
from pathlib import Path

CLIENT = "0010001"


def in_folder(root: Path) -> None:
    for owner, name, day in (
        ("invoice-11", "INVOICE_PDF--FV-11-2026.pdf", 1),
        ("invoice-11", "KSEF_XML--FV-11-2026.xml", 3),
        ("invoice-11", "UPO--potwierdzenie.xml", 2),
        ("contract-5", "CONTRACT_PDF--Umowa leasingu.pdf", 1),
    ):
        file = root / CLIENT / owner / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(f"{owner} {name} zażółć".encode())
        moment = datetime(2026, 11, day, 12, tzinfo=UTC).timestamp()
        os.utime(file, (moment, moment))
