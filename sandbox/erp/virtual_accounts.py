"""Virtual accounts: an NRB made of a client's number and a currency, so that a payment tells who paid."""

BANK = 99_900_009  # no bank's number, with the check digit that a bank's has
BANK_NAME = "Bank Przykładowy S.A."
# The 26 digits: check (2), bank (8), currency (5), zeros (4), client (7). Mod 97 over the rest and `PL00`.
_BANK, _CURRENCY, _CLIENT, _COUNTRY = (BANK * 10**22) % 97, 10**17 % 97, 10**6, 252_100


def nrb(client: str, currency: str) -> str:
    """The SQL expression for the 26 digits."""
    letters = (f"(unicode(substr({currency}, {place}, 1)) - 65)" for place in (1, 2, 3))
    code = (
        "(" + " + ".join(f"{each} * {size}" for each, size in zip(letters, (676, 26, 1), strict=True)) + ")"
    )
    rest = f"({_BANK} + {code} * {_CURRENCY} + {client} * {_CLIENT} + {_COUNTRY}) % 97"
    return f"format('%02d{BANK}%05d0000%07d', 98 - {rest}, {code}, {client})"
