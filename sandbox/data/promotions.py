"""Promotions on the portal's pages; the first is the banner of the portal's own FAQ page."""

import sqlite3

from sandbox.data.calendar import iso
from sandbox.data.names import encode

PROMOTION_TABLE = """
CREATE TABLE promotion (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, slot TEXT NOT NULL,
    title TEXT NOT NULL, body TEXT NOT NULL, -- JSON: {"pl", "en"}
    image_url TEXT, link TEXT, valid_from TEXT NOT NULL, valid_to TEXT NOT NULL, priority INTEGER NOT NULL,
    audience TEXT NOT NULL, dismissible INTEGER NOT NULL);
"""

# Code, slot, title and body in Polish and English, days from and to, audience, whether it can be dismissed.
PROMOTIONS = (
    (
        "BETTER-TERMS", "BANNER", "Sprawdź promocje", "Check our promotions",
        "Sprawdź promocje i skorzystaj z finansowania na jeszcze atrakcyjniejszych warunkach.",
        "Check our promotions and finance your assets on even better terms.", -30, 60, "ALL", True,
    ),
    (
        "RENEWAL", "CARD", "Nowy pojazd po zakończeniu umowy", "A new vehicle when your contract ends",
        "Państwa umowa kończy się w ciągu pół roku. Przygotujemy ofertę na następcę.",
        "Your contract ends within half a year. We will prepare an offer for its successor.",
        -10, 90, "CONTRACT_ENDING", True,
    ),
    (
        "FIRST-CONTRACT", "CARD", "Pierwsza umowa bez opłaty", "The first contract free of charge",
        "Dla nowych klientów nie pobieramy opłaty za rozpatrzenie wniosku.",
        "We charge new clients nothing for examining their application.", -5, 120, "NO_CONTRACTS", True,
    ),
    (
        "KSEF", "NOTICE", "Faktury w KSeF", "Invoices in KSeF",
        "Faktury wystawiamy w Krajowym Systemie e-Faktur.",
        "We issue our invoices in KSeF, the national e-invoice system.", -200, 200, "ALL", False,
    ),
    (
        "SUMMER", "BANNER", "Letnie raty", "Summer instalments", "Oferta wygasła.", "The offer has ended.",
        -120, -1, "ALL", True,
    ),
    (
        "NEXT-MONTH", "BANNER", "Już wkrótce", "Coming soon", "Nowe warunki już wkrótce.",
        "New terms are coming soon.", 1, 30, "ALL", True,
    ),
)  # fmt: skip


def write_promotions(database: sqlite3.Connection, today: int) -> None:
    """Store them, the most important first; days are relative to the ordinal day `today`."""
    rows = []
    for place, given in enumerate(PROMOTIONS, 1):
        code, slot, title, title_en, body, body_en, start, end, audience, dismissible = given
        link = f"https://www.example.com/promocje/{code.lower()}"
        image = f"https://www.example.com/grafika/{code.lower()}.png" if slot != "NOTICE" else None
        rows.append(
            (place, code, slot, encode({"pl": title, "en": title_en}), encode({"pl": body, "en": body_en}),
             image, link, iso(today + start), iso(today + end), place * 10, audience, int(dismissible))
        )  # fmt: skip
    database.executemany("INSERT INTO promotion VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", rows)
