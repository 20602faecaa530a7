"""File names that come from elsewhere."""

import unicodedata


def told_name(name: str) -> str:
    """Without paths, line breaks and marks that turn the direction of writing, and so the extension.

    Spaces and dots around it are gone; nothing may be left.
    """
    told = name.encode("utf-8", "replace").decode()
    flat = told.replace("/", "_").replace("\\", "_")
    shown = "".join(each for each in flat if unicodedata.category(each) not in ("Cc", "Cf", "Zl", "Zp"))
    return shown.strip(" .")
