"""What a schedule's file can be: the caller's choice, hence no UNKNOWN."""

from enum import Enum


class ScheduleFormat(Enum):
    """To print, to reckon with, or to import."""

    PDF = "PDF"
    XLSX = "XLSX"
    CSV = "CSV"
