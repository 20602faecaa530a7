"""`python -m benchmarks`: our complete server beside its peers. See README.md beside this file."""

import argparse
import gc
import json
import signal
import sys
from pathlib import Path

from benchmarks.report import markdown, put_into_readme
from benchmarks.run import MODES, QUICK, Extent, Invalid, WrongAnswer, measure
from benchmarks.servers import DEFAULT, TITLES

RESULTS = Path(__file__).parent / "results"


def main() -> int:
    """Prints a Markdown table, and keeps the results of a whole run that is worth it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="one short round at 16 connections; nothing is kept"
    )
    parser.add_argument("--servers", default=",".join(DEFAULT), help=f"of {', '.join(TITLES)}")
    parser.add_argument(
        "--modes", default=",".join(MODES), help=f"further measurements, of {', '.join(MODES)}"
    )
    parser.add_argument("--json", type=Path, help="where to write the results of a quick run too")
    parser.add_argument("--readme", action="store_true", help="only put the latest results into README.md")
    told = parser.parse_args()
    if told.readme:
        put_into_readme(RESULTS)
        return 0
    names, modes = ([each for each in text.split(",") if each] for text in (told.servers, told.modes))
    if unknown := [*set(names).difference(TITLES), *set(modes).difference(MODES)]:
        parser.error(f"unknown: {', '.join(unknown)}")
    gc.disable()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ends what was started, too
    try:
        result = measure(names, QUICK if told.quick else Extent(), modes)
    except (Invalid, WrongAnswer) as error:
        sys.stderr.write(f"The run is worth nothing: {error}\n")
        return 1
    text = markdown(result)
    sys.stdout.write(text)
    content = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
    if told.json:
        told.json.write_text(content)
    if result["problems"]:
        sys.stderr.write(
            "The run is worth nothing:\n" + "".join(f"- {each}\n" for each in result["problems"])
        )
        return 0 if told.quick else 1
    if not told.quick and names == list(DEFAULT):
        RESULTS.mkdir(exist_ok=True)
        kind = "-".join("".join(c if c.isalnum() else " " for c in result["machine"].lower()).split())
        (RESULTS / f"{result['date']}-{kind}.json").write_text(content)
        (RESULTS / "latest.md").write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
