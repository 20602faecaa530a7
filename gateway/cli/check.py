"""`leasegraph check`: tries one harmless call at every system, and says what works and what to mend."""

import argparse
import asyncio
import logging
from collections.abc import Sequence

import msgspec

from gateway.cli.check_store import check_store
from gateway.cli.check_systems import check_systems
from gateway.cli.checked import Checked
from gateway.settings import load

SECONDS = 15.0
_HEADS = ("system", "kind", "used for", "state", "ms", "what to do")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's arguments."""
    check = commands.add_parser("check", help="try every configured system, and say what to mend")
    check.add_argument("--json", action="store_true", help="print a JSON object instead of a table")
    check.add_argument(
        "--seconds", type=float, default=SECONDS, help=f"longest wait for all of them ({SECONDS:.0f})"
    )
    check.set_defaults(run=lambda given: asyncio.run(_check(given.seconds, as_json=given.json)))


async def _check(seconds: float, *, as_json: bool) -> int:
    """0 where everything works, else 1. Raises SettingsError."""
    settings = load()
    logging.basicConfig(level=logging.CRITICAL)  # what failed stands in the table
    systems, store = await asyncio.gather(check_systems(settings, seconds), check_store(settings, seconds))
    found = [*systems, store]
    if as_json:
        told = {"ok": all(each.ok for each in found), "systems": found}
        print(msgspec.json.format(msgspec.json.encode(told)).decode())
    else:
        _print(found)
    return 0 if all(each.ok for each in found) else 1


def _print(found: Sequence[Checked]) -> None:
    rows = [_HEADS, *map(_cells, found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS) - 1)]
    for row in rows:
        *cells, remedy = row
        columns = [
            cell.rjust(width) if head == "ms" else cell.ljust(width)
            for head, cell, width in zip(_HEADS, cells, widths, strict=False)
        ]
        print("  ".join([*columns, remedy]).rstrip())


def _cells(each: Checked) -> tuple[str, ...]:
    state = "works" if each.ok else "fails"
    ms = "" if each.ms is None else f"{each.ms:.0f}"
    return each.system, each.kind, ", ".join(each.used_for), state, ms, each.remedy or each.note or ""
