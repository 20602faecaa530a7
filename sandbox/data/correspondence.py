"""Letters between the lessor and its clients, as the mail archive holds them."""

import sqlite3
from random import Random

from sandbox.data.calendar import iso
from sandbox.data.clients import client_email, client_number
from sandbox.data.names import encode

OFFICE = "obsluga@example.com"
LETTERS = (
    (
        "INBOUND",
        "Pytanie o fakturę",
        "Dzień dobry,\n\nproszę o wyjaśnienie, dlaczego kwota do zapłaty jest niższa niż kwota na fakturze.",
    ),
    (
        "OUTBOUND",
        "Odp.: Pytanie o fakturę",
        "Dzień dobry,\n\nfaktura została częściowo rozliczona nadpłatą.\n\nKompas Leasing",
    ),
    (
        "OUTBOUND",
        "Wystawiliśmy fakturę",
        "Dzień dobry,\n\nw portalu jest nowa faktura. Termin płatności jest na dokumencie.\n\nKompas Leasing",
    ),
    (
        "INBOUND",
        "Upoważnienie do wyjazdu",
        "Dzień dobry,\n\nproszę o upoważnienie do wyjazdu za granicę: Niemcy i Czechy.\n\nDziękuję",
    ),
    (
        "OUTBOUND",
        "Zmiana oprocentowania",
        "Dzień dobry,\n\npo zmianie stawki referencyjnej powstał nowy harmonogram spłat.\n\nKompas Leasing",
    ),
)
ATTACHMENT = [{"fileName": "harmonogram.pdf", "mimeType": "application/pdf", "size": 48_213}]


def write_correspondence(database: sqlite3.Connection, random: Random, today: int, named: range) -> None:
    """All letters for every named client, a handful for a fifth of the others."""
    messages, addresses = [], []
    number = 0
    clients = [row[0] for row in database.execute("SELECT id FROM client ORDER BY id")]
    for client in clients:
        letters = (
            LETTERS if client in named else LETTERS[: random.randint(1, 5)] if random.random() < 0.2 else ()
        )
        day = today - random.randint(20, 60)
        for direction, subject, body in letters:
            number += 1
            day = min(day + random.randint(0, 4), today - 1)
            sent_at = f"{iso(day)}T{random.randint(7, 16):02d}:{random.randint(0, 59):02d}:00.000000Z"
            email = client_email(client)
            sender, recipient = (email, OFFICE) if direction == "INBOUND" else (OFFICE, email)
            headers = {
                "from": sender, "to": recipient, "subject": subject, "client-number": client_number(client),
                "message-id": f"<{number}.{client}@example.com>",
            }  # fmt: skip
            attachments = ATTACHMENT if subject == "Zmiana oprocentowania" else []
            messages.append(
                (number, client_number(client), direction, subject, sent_at, sender, recipient, body, None,
                 encode(attachments), encode(headers))
            )  # fmt: skip
            addresses += [(sender, sent_at, number, 0), (recipient, sent_at, number, 1)]
    database.executemany(f"INSERT INTO message VALUES ({','.join('?' * 11)})", messages)
    database.executemany("INSERT INTO message_address VALUES (?,?,?,?)", addresses)
