"""The header Retry-After (RFC 9110, 10.2.3)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds to wait, never negative; None for what is neither a number of seconds nor a date."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:  # "-0000": in UTC, of no known place
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
