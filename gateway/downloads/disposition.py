"""The header Content-Disposition (RFC 6266, RFC 8187) for a file name from elsewhere."""

import unicodedata
from urllib.parse import quote

_UNFOLDED = str.maketrans("łŁøØđĐß", "lLoOdDs")  # what Unicode doesn't take apart
_MISREAD = set('"\\%/')  # quoting them is read differently by browsers; a percent sign is decoded by some
_FALLBACK = "document"
_MOST = 150  # characters; file systems take 255 bytes, and browsers add to a name that is taken


def attachment(name: str) -> str:
    """Saves under `name`: in `filename*`, with an ASCII likeness in `filename` for what can't read that."""
    clean = _clean(name)
    return f"attachment; filename=\"{_ascii(clean)}\"; filename*=UTF-8''{quote(clean, safe=_ATTR_CHAR)}"


_ATTR_CHAR = "!#$&+-.^_`|~"  # RFC 8187, besides letters and digits


def _clean(name: str) -> str:
    """Without paths, line breaks and marks that turn the direction of writing, and so the extension."""
    told = name.encode("utf-8", "replace").decode()
    flat = told.replace("/", "_").replace("\\", "_")
    shown = "".join(each for each in flat if unicodedata.category(each) not in ("Cc", "Cf", "Zl", "Zp"))
    stem, dot, extension = shown.strip(" .").rpartition(".")
    if not dot:
        return extension[:_MOST] or _FALLBACK
    return f"{stem[:_MOST]}.{extension[:20]}"


def _ascii(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.translate(_UNFOLDED))
    kept = (each for each in folded if not unicodedata.combining(each))
    return "".join(each if each.isascii() and each not in _MISREAD else "_" for each in kept)
