"""OrderDirection: which way a list is sorted."""

from connectors.erp.queries import Direction
from schema.fields import enum

enum(
    Direction,
    "Which way a list is sorted; equal items stand by id, the same way.",
    {"ASC": "The least first: the oldest day, the smallest amount.", "DESC": "The greatest first."},
    name="OrderDirection",
)
