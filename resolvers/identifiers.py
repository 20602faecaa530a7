"""Polish identifiers that callers give."""

from stdnum.exceptions import ValidationError
from stdnum.pl import nip as numbers


def nip(text: str) -> str | None:
    """The 10 digits of a tax number whose check digit is right, written in any usual way; else None."""
    try:
        return str(numbers.validate(text))
    except ValidationError:
        return None
