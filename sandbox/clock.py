"""The sandbox's own clock: a day that can be set, and the moment as of which the back office speaks."""

from datetime import UTC, datetime


class Clock:
    """The day is the sandbox's; the time of day is the machine's."""

    def __init__(self, today: str) -> None:
        """Starts on `today`, `YYYY-MM-DD`."""
        self.set(today)

    def set(self, today: str) -> None:
        """Move to another day; the data stay as they are."""
        self.today = today
        self.as_of = f"{today}T12:00:00Z"

    def moment(self) -> str:
        """Now, to the microsecond, on the sandbox's day."""
        return f"{self.today}T{datetime.now(UTC):%H:%M:%S.%f}Z"
