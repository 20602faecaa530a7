"""Polish identifiers that callers give.

python-stdnum takes a megabyte: it is loaded when a number is first to be checked.
"""


def nip(text: str) -> str | None:
    """The 10 digits of a tax number whose check digit is right, written in any usual way; else None."""
    from stdnum.exceptions import ValidationError
    from stdnum.pl import nip as numbers

    try:
        return str(numbers.validate(text))
    except ValidationError:
        return None
