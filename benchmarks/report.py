"""Results as Markdown."""

import json
from pathlib import Path
from typing import Any

from benchmarks.queries import CALLS
from benchmarks.servers import CONNECTIONS, DEFAULT, OURS, TITLES

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- benchmark: begin -->\n", "<!-- benchmark: end -->\n"
LARGE, SMALL = "LARGE", "SMALL"
MERCURIUS = ("mercurius-jit", "mercurius-jit-loaders")

Figures = dict[tuple[str, str, int], dict[str, Any]]


def by_place(found: list[dict[str, Any]]) -> Figures:
    """Figures by server, query and connections."""
    return {(each["server"], each["query"], each["connections"]): each for each in found}


def number(value: float) -> str:
    """As short as is true."""
    return f"{value:,.0f}".replace(",", " ") if value >= 10 else f"{value:.1f}"


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines) + "\n"


def _spread(figure: dict[str, Any]) -> str:
    return f"{number(figure['per_cpu_second'])} ({number(figure['lowest'])}–{number(figure['highest'])})"


def servers(figures: Figures) -> str:
    """Every server at 16 connections."""
    rows = []
    for name in TITLES:
        if (name, LARGE, CONNECTIONS) in figures:
            large, small = figures[name, LARGE, CONNECTIONS], figures[name, SMALL, CONNECTIONS]
            rows.append(
                [
                    TITLES[name],
                    _spread(large),
                    _spread(small),
                    f"{number(large['p50'])} / {number(large['p99'])}",
                    f"{number(small['p50'])} / {number(small['p99'])}",
                    str(round(max(large["memory"], small["memory"]))),
                ]
            )
    return table(["server", "LARGE", "SMALL", "LARGE p50 / p99 ms", "SMALL p50 / p99 ms", "MB"], rows)


def ratios(figures: Figures) -> str:
    """Ours over others, by the number of connections; nothing where a server was not measured."""
    counts = sorted({connections for _, _, connections in figures})
    rivals = [
        ("over Mercurius + jit (its faster way)", MERCURIUS),
        ("over GraphQL Yoga + jit", ("yoga-jit",)),
        ("over Apollo Server", ("apollo",)),
        ("over Strawberry as documented", ("strawberry",)),
        ("of the ceiling without GraphQL, Python", ("asgi-ceiling",)),
        ("of raw ASGI as uvicorn sends", ("asgi",)),
        ("of the ceiling without GraphQL, Node.js", ("node-ceiling",)),
    ]
    rows = []
    for title, names in rivals:
        cells = []
        for query in (LARGE, SMALL):
            for count in counts:
                theirs = [
                    figures[name, query, count]["per_cpu_second"]
                    for name in names
                    if (name, query, count) in figures
                ]
                ours = figures.get((OURS, query, count))
                cells.append(f"{ours['per_cpu_second'] / max(theirs):.2f}" if ours and theirs else "–")
        rows.append([title, *cells])
    return table(["Leasegraph", *(f"{query}, {count}" for query in (LARGE, SMALL) for count in counts)], rows)


MODES = {
    "delay": "The back office takes 20 ms for each call, 64 connections",
    "cold": "Documents that no server has seen before",
    "varied": "40 documents, each asking something else",
    "denied": "Another client's data asked for and refused",
}


def modes(found: dict[str, list[dict[str, Any]]]) -> str:
    """The further measurements."""
    rows = [
        [
            f"{MODES[mode]} ({each['query']})",
            TITLES[each["server"]],
            _spread(each),
            f"{number(each['p50'])} / {number(each['p99'])}",
        ]
        for mode, figures in found.items()
        for each in sorted(figures, key=lambda each: (each["query"], DEFAULT.index(each["server"])))
    ]
    return table(["", "server", "requests per CPU-second", "p50 / p99 ms"], rows) if rows else ""


def markdown(result: dict[str, Any]) -> str:
    """The whole of a result."""
    figures = by_place(result["figures"])
    preliminary = "**A quick run, for development only.** " if result["quick"] else ""
    if result["problems"]:
        preliminary += "**Not valid:** " + "; ".join(result["problems"]) + ". "
    told = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    return (
        f"{preliminary}{result['date']}, {result['machine']}, {result['minutes']} minutes, "
        f"rounds: {result['rounds']}. {told}.\n\n"
        "Requests per CPU-second of the server on one core at 16 connections: median (lowest–highest round). "
        f"LARGE is {result['answers'][LARGE]} bytes and {CALLS[LARGE]} calls to the back office, "
        f"SMALL {result['answers'][SMALL]} bytes and {CALLS[SMALL]} calls. "
        "MB: the memory of the server's process under load.\n\n"
        + servers(figures)
        + (
            "Ratios of requests per CPU-second, by the number of connections:\n\n" + ratios(figures)
            if any(name == OURS for name, *_ in figures)
            else ""
        )
        + modes(result["modes"])
        + "Right answers at 64 connections with clients and queries mixed: "
        f"{result['right_answers_of_mixed_clients']}, wrong: 0.\n"
    )


def short(result: dict[str, Any]) -> str:
    """What belongs into README.md: every server, and ours over the others at 16 connections."""
    figures = {
        place: figure for place, figure in by_place(result["figures"]).items() if place[2] == CONNECTIONS
    }
    versions = result["versions"]
    return (
        f"Requests per CPU-second on one core, {result['date']}, {result['machine']}, "
        f"Python {versions['python']}, Node.js {versions['node']}; "
        f"medians of {result['rounds']} rounds (lowest–highest). "
        f"LARGE is {result['answers'][LARGE] // 1000} kB from {CALLS[LARGE]} calls to the back office, "
        f"SMALL {result['answers'][SMALL] / 1000:.1f} kB from {CALLS[SMALL]}. "
        "Leasegraph is measured as it is shipped, with sessions, limits, deadlines, permissions and logs; "
        "the others have none of these. "
        "[How it is measured](benchmarks/README.md), [all figures](benchmarks/results/latest.md).\n\n"
        + servers(figures)
        + "Leasegraph over the others, at 16 connections; below 1 it is the slower one:\n\n"
        + ratios(figures).rstrip("\n")
        + "\n"
    )


def put_into_readme(results: Path) -> None:
    """Brings the newest results into README.md, between its marks. Raises FileNotFoundError without any."""
    kept = sorted(results.glob("*.json"))
    if not kept:
        raise FileNotFoundError(f"no results in {results}: run make bench first")
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    readme.write_text(before + BEGIN + short(json.loads(kept[-1].read_text())) + END + after)
