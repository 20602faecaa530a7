"""Amounts as Python's Decimal words them, so that they can be shown without being made Decimals."""

import re
from collections.abc import Sequence

_SHAPE = re.compile(rb"-?(?:0|1[01]*)(?:\.[01]{1,6})?")
"""With more than six decimals Decimal words small amounts with an exponent."""
_DIGITS = bytes.maketrans(b"23456789", b"11111111")


def are_worded(amounts: Sequence[str]) -> bool:
    """Whether each amount is a number that `str(Decimal(amount))` words just so, of six decimals at most.

    Amounts by thousands differ in their digits and have a few shapes, which are looked at once each: together
    that is less than half of what it costs to make Decimals.
    """
    shapes = "\n".join(amounts).encode().translate(_DIGITS).split(b"\n")
    return not amounts or (len(shapes) == len(amounts) and all(map(_SHAPE.fullmatch, set(shapes))))
