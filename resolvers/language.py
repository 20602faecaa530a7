"""The languages of the portal."""

from enum import Enum


class Language(Enum):
    """What the graph, its files and the mails have texts in: the caller's choice, hence no UNKNOWN."""

    PL = "PL"
    EN = "EN"
