"""The header Content-Disposition (RFC 6266, RFC 8187) for a file name from elsewhere."""

import unicodedata

from connectors.file_names import extended
from resolvers.file_names import told_name

_UNFOLDED = str.maketrans("łŁøØđĐß", "lLoOdDs")  # what Unicode doesn't take apart
_MISREAD = set('"\\%/')  # quoting them is read differently by browsers; a percent sign is decoded by some
_FALLBACK = "document"
_MOST = 150  # characters; file systems take 255 bytes, and browsers add to a name that is taken


def attachment(name: str) -> str:
    """Saves under `name`: in `filename*`, with an ASCII likeness in `filename` for what can't read that."""
    clean = _clean(name)
    return f'attachment; filename="{_ascii(clean)}"; {extended(clean)}'


def _clean(name: str) -> str:
    stem, dot, extension = told_name(name).rpartition(".")
    if not dot:
        return extension[:_MOST] or _FALLBACK
    return f"{stem[:_MOST]}.{extension[:20]}"


def _ascii(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.translate(_UNFOLDED))
    kept = (each for each in folded if not unicodedata.combining(each))
    return "".join(each if each.isascii() and each not in _MISREAD else "_" for each in kept)
