"""The command line: `leasegraph serve`, `demo` and the commands for operators and developers."""

import argparse
import signal
import sys

from auth.errors import StoreUnavailable
from gateway.cli import account, audit, check, client, invite, keys
from gateway.cli.arguments import workers
from gateway.setting import SettingsError


def main(arguments: list[str] | None = None) -> int:
    """Runs a command. Exit status 2: a setting can't be used, and standard error says which."""
    parser = argparse.ArgumentParser(
        prog="leasegraph", description="GraphQL gateway over leasing back offices."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the graph; docs/settings.md lists the settings")
    serve.set_defaults(run=_serve)
    demo = commands.add_parser("demo", help="serve the graph over a sandbox back office")
    demo.add_argument("--size", choices=("tiny", "demo", "full"), default="demo")
    demo.add_argument("--today", default="2026-11-22", help="the sandbox's day, YYYY-MM-DD")
    demo.set_defaults(run=_demo)
    for command in (serve, demo):
        command.add_argument(
            "--workers",
            type=workers,
            metavar="N",
            help="processes that serve; goes before LEASEGRAPH_WORKERS",
        )
    commands.add_parser("schema", help="print the schema as SDL").set_defaults(run=_schema)
    commands.add_parser("settings", help="print docs/settings.md").set_defaults(run=_settings)
    for each in (account, audit, check, client, invite, keys):
        each.add(commands)
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # with all that the command began
    try:
        return given.run(given) or 0
    except SettingsError as error:
        print(f"leasegraph: {error}", file=sys.stderr)
        return 2
    except StoreUnavailable:
        print("leasegraph: the state store does not answer; try again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # while starting; a running server finishes by itself
        return 130


def _serve(given: argparse.Namespace) -> int:
    from gateway.cli.serve import serve

    return serve(given.workers)


def _demo(given: argparse.Namespace) -> int:
    from gateway.cli.demo import demo

    return demo(given.size, given.today, given.workers)


def _schema(_: argparse.Namespace) -> None:
    from schema.build import build

    print(build().as_str())


def _settings(_: argparse.Namespace) -> None:
    from gateway.settings_page import page

    print(page(), end="")
