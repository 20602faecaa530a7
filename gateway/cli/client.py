"""`leasegraph client add`: makes the settings of a program that may ask for tokens."""

import argparse
import json
import sys
from typing import get_args

from auth.clients import USER_SCOPES, ClientSecrets, Kind
from auth.keys import new_token
from auth.registration import read_clients
from gateway.secret_key import key_file, secret_key
from gateway.setting import SettingsError
from gateway.settings import load
from resolvers.scopes import SCOPES

_TOOL_SCOPES = tuple(dict.fromkeys(SCOPES.values()))


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's arguments."""
    client = commands.add_parser("client", help="register programs that may ask for tokens")
    kinds = client.add_subparsers(dest="what", required=True)
    adding = kinds.add_parser(
        "add",
        help="print the settings of a new client, and its secret once",
        description="Prints a table for the settings file; append it there and restart the gateway. "
        "The secret goes to standard error, this once.",
    )
    adding.add_argument("id", help="lower-case letters, digits, dots, dashes and underscores")
    adding.add_argument("--kind", choices=get_args(Kind), required=True)
    adding.add_argument("--name", required=True, help="shown to users on the consent page, and in the audit")
    adding.add_argument(
        "--scope",
        action="append",
        default=[],
        dest="scopes",
        help=f"given once for each: {', '.join(USER_SCOPES)}; for a tool {', '.join(_TOOL_SCOPES)}",
    )
    adding.add_argument("--redirect-uri", action="append", default=[], dest="redirect_uris")
    adding.add_argument(
        "--post-logout-redirect-uri", action="append", default=[], dest="post_logout_redirect_uris"
    )
    adding.add_argument("--origin", action="append", default=[], dest="origins", help="for CORS")
    adding.add_argument("--consent", action="store_true", help="ask users each time; for others' programs")
    adding.set_defaults(run=_add)


def _add(given: argparse.Namespace) -> None:
    settings = load()
    if any(client.client_id == given.id for client in settings.clients):
        raise SettingsError(f"clients.{given.id}: there is such a client already.")
    lists = ("scopes", "redirect_uris", "post_logout_redirect_uris", "origins")
    table: dict[str, object] = {"name": given.name, "kind": given.kind}
    table |= {key: getattr(given, key) for key in lists if getattr(given, key)}
    if given.consent:
        table["consent"] = True
    secret = "" if given.kind == "public" else new_token()
    new_key = bool(secret) and not settings.secret_key and not key_file(settings).exists()
    if secret:
        table["secret_hashes"] = [ClientSecrets(secret_key(settings)).hash(secret)]
    try:
        read_clients({given.id: table})
    except ValueError as error:
        raise SettingsError(f"{error}.") from error
    # The values are texts, lists of texts and true, which TOML and JSON write alike.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
    shown_id = json.dumps(given.id) if "." in given.id else given.id
    print(f"[clients.{shown_id}]", *lines, sep="\n")
    if new_key:  # of another gateway's, the secret would be refused without a reason
        print(
            f"{key_file(settings)} was not there and is made now: the secret counts for a gateway with this"
            " data folder alone. If yours is another, name it in LEASEGRAPH_DATA_DIR and begin again.",
            file=sys.stderr,
        )
    for scope in sorted({*given.scopes} - {*USER_SCOPES, *_TOOL_SCOPES}):
        print(f"Nothing of the graph is covered by {scope}.", file=sys.stderr)
    if secret:
        print(f"The secret of {given.id}, shown only now: {secret}", file=sys.stderr)
