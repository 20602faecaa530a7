"""The command line: `leasegraph serve | demo | schema | settings`."""

import argparse
import sys

from gateway.settings import SettingsError


def main(arguments: list[str] | None = None) -> int:
    """Runs a command. Exit status 2: a setting can't be used, and standard error says which."""
    parser = argparse.ArgumentParser(
        prog="leasegraph", description="GraphQL gateway over leasing back offices."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="serve the graph; docs/settings.md lists the settings")
    demo = commands.add_parser("demo", help="serve the graph over a sandbox back office")
    demo.add_argument("--size", choices=("tiny", "demo", "full"), default="demo")
    demo.add_argument("--today", default="2026-11-22", help="the sandbox's day, YYYY-MM-DD")
    commands.add_parser("schema", help="print the schema as SDL")
    commands.add_parser("settings", help="print docs/settings.md")
    given = parser.parse_args(arguments)
    try:
        if given.command == "schema":
            from schema.build import build

            print(build().as_str())
        elif given.command == "settings":
            from gateway.settings_page import page

            print(page(), end="")
        elif given.command == "serve":
            from gateway.cli.serve import serve

            serve()
        else:
            from gateway.cli.demo import demo as run_demo

            run_demo(given.size, given.today)
    except SettingsError as error:
        print(f"leasegraph: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:  # while starting; a running server finishes by itself
        return 130
    return 0
