"""`leasegraph account` and `leasegraph invite`, beside a running gateway and its back office."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.person import PASSWORD, Person
from tests.harness.processes import Gateway, Sandbox

LOGIN = "0010012"
NEW = ("0010003", "0010004", "0010005")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Gateway]:
    """A gateway whose clients nobody else activates."""
    gateway = Gateway(tmp_path_factory.mktemp("operated"), backoffice)
    yield gateway
    gateway.close()


def links(backoffice: Sandbox, login: str) -> list[str]:
    """The invitations mailed to a client."""
    found = [re.search(r"\S+/first-login\?invite=\S+", mail["text"])
             for mail in backoffice.mails(f"efaktury+{login}@example.com")]  # fmt: skip
    return [match[0] for match in found if match]


def test_a_lock_takes_effect_at_once(own: Gateway, backoffice: Sandbox) -> None:
    with Person(own, backoffice) as person:
        person.enter(LOGIN)
        assert person.data("{ viewer { user { login } } }")["viewer"]
        locked = own.command("account", "lock", LOGIN)
        assert (locked.returncode, locked.stdout) == (0, f"{LOGIN} is locked; sessions ended: 1.\n")
        assert person.data("{ viewer { user { login } } }")["viewer"] is None
        assert person.submit("/login", login=LOGIN, password=PASSWORD).status_code == 422
        shown = own.command("account", "show", LOGIN).stdout
        assert re.search(r"^locked since +2\d{3}-", shown, re.MULTILINE)
        assert re.search(r"^in the back office +yes$", shown, re.MULTILINE)
        assert re.search(r"^sessions +0$", shown, re.MULTILINE)
        assert own.command("account", "unlock", LOGIN).stdout.startswith(f"{LOGIN} is unlocked;")
        person.log_in(LOGIN)


def test_a_list_is_invited_and_the_rest_of_it_later(
    own: Gateway, backoffice: Sandbox, tmp_path: Path
) -> None:
    """Killed after the first one, it goes on with the second."""
    listed = tmp_path / "clients"
    listed.write_text(f"# the first wave\n{NEW[0]}\n\n{NEW[1]}  # by hand\n{NEW[0]}\n{NEW[2]}\n0019999\n")
    before = {login: len(links(backoffice, login)) for login in NEW}
    environment = {**os.environ, **{f"LEASEGRAPH_{name}": str(value) for name, value in own.settings.items()}}
    command = [sys.executable, "-m", "gateway", "invite", "--per-minute", "1", "--file", str(listed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as begun:
        assert begun.stdout is not None
        assert begun.stdout.readline() == f"{NEW[0]} sent\n"
        begun.kill()
    again = own.command("invite", "--per-minute", "6000", "--file", "-", given=listed.read_text())
    assert again.stdout.splitlines() == [
        f"{NEW[0]} earlier", f"{NEW[1]} sent", f"{NEW[2]} sent", "0019999 unknown",
        "4 logins: 2 sent, 1 earlier, 1 unknown.",
    ]  # fmt: skip
    assert again.returncode == 0
    assert [len(links(backoffice, login)) - before[login] for login in NEW] == [1, 1, 1]
    with Person(own, backoffice) as person:
        person.first_login(NEW[2])
    more = own.command("invite", "--again", NEW[0], NEW[2], LOGIN)
    assert more.stdout.splitlines()[:3] == [f"{NEW[0]} sent", f"{NEW[2]} active", f"{LOGIN} active"]
    assert len(links(backoffice, NEW[0])) == before[NEW[0]] + 2


def test_a_wrong_login_in_the_list_stops_all(own: Gateway, backoffice: Sandbox) -> None:
    told = own.command("invite", "0010006", "00100O7")
    assert (told.returncode, told.stdout) == (2, "")
    assert "'00100O7' is no login: 1 to 20 digits. Nobody was invited." in told.stderr
    assert links(backoffice, "0010006") == []


def test_a_refusing_back_office_is_named(own: Gateway, backoffice: Sandbox) -> None:
    """It is up, and so it would be wrong to say that it does not answer."""
    with backoffice.fault("/v1/accounts/get", status=401):
        invited = own.command("invite", "0010006")
        shown = own.command("account", "show", "0010006")
    assert invited.stdout.splitlines() == ["0010006 failed", "1 login: 1 failed."]
    assert re.search(r"^in the back office +not known now$", shown.stdout, re.MULTILINE)
    for told in (invited, shown):
        assert told.stderr == "accounts can't be read: The system 'erp' refused the request (status 401).\n"
    assert links(backoffice, "0010006") == []


@pytest.mark.parametrize(
    ("code", "result", "why"),
    [(451, "sent", "is not available now"), (550, "failed", "refused the request (status 550)")],
    ids=["451", "550"],
)
def test_a_mail_server_that_refuses_is_named(
    code: int, result: str, why: str, own: Gateway, backoffice: Sandbox
) -> None:
    """What it may take later is tried again, what it never will is not; the reason stays on the screen."""
    backoffice.ask("PUT", "/sandbox/smtp-faults", {"code": code, "times": 1})
    try:
        told = own.command("invite", "--again", "0010006")
    finally:
        backoffice.ask("DELETE", "/sandbox/faults")
    assert told.stdout.splitlines() == [f"0010006 {result}", f"1 login: 1 {result}."]
    assert told.stderr == f"a mail can't be sent: The system 'smtp' {why}.\n"
