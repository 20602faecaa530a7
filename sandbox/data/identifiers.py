"""Polish identifiers with valid check digits, and those without any."""

from random import Random
from typing import Final

from stdnum.pl import nip, regon

LESSOR_NAME: Final = "Kompas Leasing S.A."
LESSOR_NIP: Final = "5252310027"
VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
PLATE_LETTERS = "ACEFGHJKLMNPRSTUVWXY"
PLATE_AREAS = ("WA", "WI", "KR", "PO", "GD", "DW", "LU", "SK", "EL", "WB", "KT", "BI", "ZS", "OP")


def new_nip(random: Random) -> str:
    """A tax number; its check digit is never 10."""
    while True:
        digits = (
            f"{random.randint(1, 9)}{random.randint(1, 9)}{random.randint(1, 9)}{random.randrange(10**6):06d}"
        )
        check = int(nip.checksum(digits + "0"))
        if check < 10:
            return f"{digits}{check}"


def new_regon(random: Random) -> str:
    """A nine-digit statistical number."""
    digits = f"{random.randrange(10**8):08d}"
    return digits + str(regon.calc_check_digit(digits))


def new_krs(random: Random) -> str:
    """A ten-digit register number; it has no check digit."""
    return f"0000{random.randrange(100_000, 999_999):06d}"


def new_vin(random: Random, maker: str) -> str:
    """Seventeen characters without I, O and Q, the first three the maker's."""
    return maker + "".join(random.choices(VIN_LETTERS, k=8)) + f"{random.randrange(10**6):06d}"


def new_plate(random: Random) -> str:
    """A Polish registration number."""
    return f"{random.choice(PLATE_AREAS)} {random.randrange(1_000, 99_999)}{random.choice(PLATE_LETTERS)}"


def _crc8_table() -> tuple[int, ...]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value << 1) ^ 0x07 if value & 0x80 else value << 1
        table.append(value & 0xFF)
    return tuple(table)


CRC8 = _crc8_table()


def crc8(text: str) -> int:
    """CRC-8, polynomial 0x07, initial value 0."""
    value = 0
    for byte in text.encode("ascii"):
        value = CRC8[value ^ byte]
    return value


_PREFIX: dict[str, int] = {}


def ksef_number(issue_date: str, serial: int) -> str:
    """The 35 characters KSeF gives an invoice: `NIP-YYYYMMDD-12HEX-CRC8` over the first 32."""
    prefix = f"{LESSOR_NIP}-{issue_date[:4]}{issue_date[5:7]}{issue_date[8:]}-"
    value = _PREFIX.get(prefix)
    if value is None:
        value = _PREFIX[prefix] = crc8(prefix)
    serial_hex = f"{serial * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFF:012X}"
    for byte in serial_hex.encode("ascii"):
        value = CRC8[value ^ byte]
    # The dash before the check digits stands outside of the 32 characters.
    return f"{prefix}{serial_hex}-{value:02X}"
