"""File names in the header Content-Disposition (RFC 6266, RFC 8187)."""

from urllib.parse import quote

_ATTR_CHAR = "!#$&+-.^_`|~"  # RFC 8187, besides letters and digits


def extended(name: str) -> str:
    """The parameter `filename*`, which holds any name that is UTF-8."""
    return f"filename*=UTF-8''{quote(name, safe=_ATTR_CHAR)}"
