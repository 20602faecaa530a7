"""`python -m sandbox`: the back office as a process of its own."""

import argparse
import asyncio
import os
from datetime import date
from pathlib import Path

from sandbox.data.database import SIZES
from sandbox.server import Settings, serve


def main() -> None:
    """Read the arguments and serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A leasing back office in a box.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001, help="HTTP: ERP, documents, mail archive, mailbox")
    parser.add_argument("--smtp-port", type=int, default=8002)
    parser.add_argument("--data-dir", type=Path, required=True, help="databases are kept here")
    parser.add_argument("--size", choices=tuple(SIZES), default="demo")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument(
        "--today", type=_day, default=None, help="YYYY-MM-DD, 2020 to 2040; else the current day"
    )
    key = os.environ.get("SANDBOX_API_KEY")
    parser.add_argument(
        "--api-key",
        default=key,
        required=not key,
        help="the bearer key of all services; else SANDBOX_API_KEY",
    )
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when standard input ends: whoever started it is gone"
    )
    given = parser.parse_args()
    today = given.today or date.today()  # noqa: DTZ011 - the day of the place where it runs
    settings = Settings(
        given.host, given.port, given.smtp_port, given.data_dir, given.size, given.seed, today, given.api_key,
        given.with_parent,
    )  # fmt: skip
    asyncio.run(serve(settings))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-11-22") from None
    if not 2020 <= day.year <= 2040:
        raise argparse.ArgumentTypeError("must be from 2020 to 2040")
    return day


if __name__ == "__main__":
    main()
