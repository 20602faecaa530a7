"""Further users of the fleet client, one in each role; a login is the client number and two digits."""

import sqlite3

from sandbox.data.clients import client_number
from sandbox.data.names import encode

FLEET = 10_008
USERS = (
    ("ACCOUNTANT", "Ewa", "Lisowska"),
    ("FLEET", "Piotr", "Wrona"),
    ("READ_ONLY", "Iga", "Sowińska"),
)

# Which users act for a client; kept by triggers, so that a list by client needs no look at every account.
ACCOUNT_CLIENTS = """
CREATE TABLE account_client (client INTEGER, login TEXT, PRIMARY KEY (client, login)) WITHOUT ROWID;
INSERT OR IGNORE INTO account_client
    SELECT CAST(n.value AS INTEGER), a.login FROM account a, json_each(a.client_numbers) n;
CREATE TRIGGER account_added AFTER INSERT ON account BEGIN
    INSERT OR IGNORE INTO account_client
        SELECT CAST(n.value AS INTEGER), new.login FROM json_each(new.client_numbers) n;
END;
CREATE TRIGGER account_changed AFTER UPDATE OF client_numbers ON account BEGIN
    DELETE FROM account_client WHERE login = old.login
        AND client IN (SELECT CAST(n.value AS INTEGER) FROM json_each(old.client_numbers) n);
    INSERT OR IGNORE INTO account_client
        SELECT CAST(n.value AS INTEGER), new.login FROM json_each(new.client_numbers) n;
END;
"""


def write_users(database: sqlite3.Connection) -> None:
    """Store them beside the owner, who was written with the client."""
    number = client_number(FLEET)
    company = database.execute("SELECT name FROM client WHERE id = ?", (FLEET,)).fetchone()[0]
    for place, (role, first, surname) in enumerate(USERS, 1):
        login = f"{number}{place:02d}"
        database.execute(
            "INSERT INTO account VALUES (?,?,?,?,?,?,?,?,?)",
            (login, f"user+{login}@example.com", first, surname, f"{first} {surname}", company,
             encode([number]), role, "pl"),
        )  # fmt: skip
