"""Clients and the portal accounts that belong to them."""

import sqlite3
from collections.abc import Sequence
from random import Random

from sandbox.data.identifiers import new_krs, new_nip, new_regon
from sandbox.data.names import SOLE_TRADER, Company, Person, encode, new_address, new_company, new_person


def client_number(client: int) -> str:
    """Seven digits."""
    return f"{client:07d}"


def client_email(client: int) -> str:
    """The address for e-invoices."""
    return f"efaktury+{client_number(client)}@example.com"


def write_client(
    database: sqlite3.Connection,
    random: Random,
    client: int,
    company: Company | None = None,
    owner: Person | None = None,
    group: Sequence[int] = (),
) -> str:
    """Store a client, its account and its zloty balance; `group` adds clients the account may see.

    Returns the company's name.
    """
    owner = owner or new_person(random)
    company = company or new_company(random, owner)
    number, email = client_number(client), client_email(client)
    seat = new_address(random)
    database.execute(
        "INSERT INTO client VALUES (?,?,?,?,?,?,?,?,?,?)",
        (
            client, company.name, company.legal_form, new_nip(random), new_regon(random),
            None if company.legal_form in (SOLE_TRADER, "Sp.j.") else new_krs(random), seat,
            new_address(random) if random.random() < 0.2 else None, email,
            f"20{random.randint(18, 25)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}T09:30:00Z",
        ),
    )  # fmt: skip
    database.execute(
        "INSERT INTO account VALUES (?,?,?,?,?,?,?,?,?)",
        (
            number, email, owner.first_name, owner.surname, f"{owner.first_name} {owner.surname}",
            company.name,
            encode([number, *(client_number(other) for other in group)]), "OWNER", "pl",
        ),
    )  # fmt: skip
    database.execute("INSERT INTO client_currency VALUES (?, 'PLN')", (client,))
    return company.name
