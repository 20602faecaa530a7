"""`leasegraph audit verify | show`: the audit's chain and its entries."""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from auth.audit_chain import START, Link, Problem
from auth.audit_trail import AuditEntry, AuditTrail, Verdict
from auth.store import Store
from gateway.cli.arguments import login
from gateway.data_folder import make_folder
from gateway.secret_key import secret_key
from gateway.settings import Settings, load
from gateway.state import join_store

_SHOWN_FIRST = ("event", "result")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's arguments."""
    audit = commands.add_parser("audit", help="verify the audit's chain, or show its entries")
    kinds = audit.add_subparsers(dest="kind", required=True)
    verify = kinds.add_parser("verify", help="check that no entry was changed, removed, added or moved")
    verify.set_defaults(run=lambda _: asyncio.run(_verify(load())))
    show = kinds.add_parser("show", help="print entries, oldest first")
    show.add_argument("--login", type=login, help="only this login's")
    show.add_argument("--since", type=_moment, default=0, help="ISO 8601, UTC where it names no offset")
    show.add_argument("--event", help="an event such as first.pin, or all that begin with first")
    show.add_argument("--json", action="store_true", help="a JSON object a line")
    show.set_defaults(run=lambda given: asyncio.run(_show(load(), given)))


def _moment(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 2026-11-22T08:00") from error
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


@asynccontextmanager
async def _trail(settings: Settings) -> AsyncIterator[AuditTrail]:
    async with join_store(settings) as client:
        yield AuditTrail(Store(client), secret_key(settings))


async def _verify(settings: Settings) -> int:
    """Exit status 1 where the chain is broken. What was whole is remembered: so a cut end shows next time."""
    async with _trail(settings) as trail:
        remembered = make_folder(settings.data_dir) / "audit-verified.json"
        known = _known(remembered)
        verdict = await trail.verify(known)
    for problem in verdict.problems:
        print(_sentence(problem))
    if verdict.problems:
        print(f"The audit is broken. Entries read: {verdict.entries}, problems: {len(verdict.problems)}.")
        if (
            len([each for each in verdict.problems if each.kind in ("changed", "inserted")])
            == verdict.entries
        ):
            print(
                "No entry fits this secret: is LEASEGRAPH_SECRET_KEY, or the data folder, the gateway's own?"
            )
        elif known != START:
            print(f"It stood at {known.entry} when it was last whole ({remembered}).")
        return 1
    remembered.write_text(json.dumps({"entry": verdict.head.entry, "mac": verdict.head.mac}))
    print(_whole(verdict))
    return 0


def _known(remembered: Path) -> Link:
    if not remembered.exists():
        return START
    held = json.loads(remembered.read_text())
    return Link.of(held["entry"], held["mac"]) or START


def _whole(verdict: Verdict) -> str:
    trimmed = f", {verdict.trimmed} older ones trimmed" if verdict.trimmed else ""
    stands = f" It stands at {verdict.head.entry}." if verdict.head.number else ""
    return f"The audit is whole: {verdict.entries} entries{trimmed}.{stands}"


def _sentence(problem: Problem) -> str:
    one = f"Entry {problem.first}"
    several = one if problem.first == problem.last else f"Entries {problem.first} to {problem.last}"
    return {
        "changed": f"{one} was changed.",
        "missing": f"{several} {'is' if several == one else 'are'} missing.",
        "inserted": f"An entry that isn't ours stands at {problem.place}.",
        "reordered": f"{one} stands at {problem.place}, where it doesn't belong.",
        "anchor": "What the trimmed entries left behind isn't ours: they may have been removed by others.",
        "head": f"The store says that the audit ends with entry {problem.first}, but it does not.",
    }[problem.kind]


async def _show(settings: Settings, given: argparse.Namespace) -> int:
    async with _trail(settings) as trail:
        async for entry in trail.entries(login=given.login, since=given.since, event=given.event):
            print(_object(entry) if given.json else _line(entry))
    return 0


def _time(entry: AuditEntry) -> str:
    moment = datetime.fromtimestamp(entry.milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _object(entry: AuditEntry) -> str:
    return json.dumps({"number": entry.number, "time": _time(entry), **entry.fields}, ensure_ascii=False)


def _line(entry: AuditEntry) -> str:
    """Time, event, result, then the rest; the account's tag in short."""
    event, result = (entry.fields.get(name, "") for name in _SHOWN_FIRST)
    rest = {name: value for name, value in sorted(entry.fields.items()) if name not in _SHOWN_FIRST}
    if "account" in rest:
        rest["account"] = rest["account"][:8]
    return (
        f"{_time(entry)}  {event:<16}  {result:<12}  {' '.join(f'{k}={v}' for k, v in rest.items())}".rstrip()
    )
