"""Language: what texts can be had in."""

from resolvers.language import Language
from schema.fields import enum

__all__ = ["Language"]

enum(
    Language,
    "A language of texts, files and mails.",
    {
        "PL": "Polish; in files 1 234,56 and 22.11.2026.",
        "EN": "English; in files 1,234.56 and 2026-11-22.",
    },
)
