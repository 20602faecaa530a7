"""Download: a link to a file, and how long it is good."""

from datetime import datetime

import strawberry

from resolvers.schedule_files.choice import ScheduleFormat
from schema.fields import described, enum

enum(
    ScheduleFormat,
    "What a schedule's file is.",
    {"PDF": "To read and print.", "XLSX": "An Excel workbook.", "CSV": "Text to import."},
)


@strawberry.type(
    description="A link to a file. Only the viewer that it was made for can follow it, with their session."
)
class Download:
    url: str = described("Where to open it by GET: a path on the origin of the graph.")
    expires_at: datetime = described("The moment from which the link is dead; ask for a new one then.")
