"""A setting that can't be used stops the start, and says which, how, and what to do."""

import os
import socket
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.cli.serve import listen, run
from gateway.secret_key import secret_key
from gateway.setting import SettingsError
from gateway.settings import Settings, load
from gateway.settings_page import page
from tests.harness.processes import free_ports

ROOT = Path(__file__).parents[2]


def test_defaults_follow_the_port() -> None:
    settings = load({"LEASEGRAPH_PORT": "9000"})
    assert settings.public_url == "http://localhost:9000"
    assert settings.erp_url == settings.mail_archive_url == "http://127.0.0.1:9001"
    assert settings.smtp_url == "smtp://127.0.0.1:9002"
    assert settings.documents_url.startswith("file:///")


def test_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "leasegraph.toml"
    file.write_text('port = 9000\nhost = "0.0.0.0"\ntrusted_proxies = ["10.0.0.0/8", "::1"]\n')
    settings = load({"LEASEGRAPH_CONFIG": str(file), "LEASEGRAPH_PORT": "9100"})
    assert (settings.port, settings.host, len(settings.trusted_proxies)) == (9100, "0.0.0.0", 2)  # noqa: S104


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "eighty", ["LEASEGRAPH_PORT", "'eighty'", "1 to 65535"]),
        ("PORT", "70000", ["LEASEGRAPH_PORT", "1 to 65535"]),
        ("PROT", "8000", ["LEASEGRAPH_PROT", "no such setting", "Did you mean LEASEGRAPH_PORT?"]),
        ("SOMETHING_ELSE_ENTIRELY", "1", ["docs/settings.md"]),
        ("PUBLIC_URL", "portal.example.com", ["LEASEGRAPH_PUBLIC_URL", "http://"]),
        ("PUBLIC_URL", "https://example.com/portal", ["LEASEGRAPH_PUBLIC_URL", "host and port"]),
        ("PUBLIC_URL", "http://portal.example.com", ["LEASEGRAPH_PUBLIC_URL", "https"]),
        ("ERP_URL", "ftp://erp.example.com", ["LEASEGRAPH_ERP_URL", "http://"]),
        ("ERP_TIMEOUT", "-1", ["LEASEGRAPH_ERP_TIMEOUT", "seconds", "above 0"]),
        ("ERP_TIMEOUT", "5s", ["LEASEGRAPH_ERP_TIMEOUT", "'5s' is not seconds (it is no number)"]),
        ("CACHE_SECONDS", "-1", ["LEASEGRAPH_CACHE_SECONDS", "0 or more"]),
        ("CACHE_SECONDS", "nan", ["LEASEGRAPH_CACHE_SECONDS", "0 or more"]),
        ("TELL_PERSONAL_RULES", "maybe", ["LEASEGRAPH_TELL_PERSONAL_RULES", "yes or no"]),
        ("TRUSTED_PROXIES", "10.0.0.0/99", ["LEASEGRAPH_TRUSTED_PROXIES", "networks"]),
        ("MAIL_FROM", "nobody", ["LEASEGRAPH_MAIL_FROM", "e-mail address"]),
        ("LOG_LEVEL", "LOUD", ["LEASEGRAPH_LOG_LEVEL", "DEBUG, INFO"]),
    ],
)
def test_what_a_bad_setting_says(name: str, value: str, words: list[str]) -> None:
    with pytest.raises(SettingsError) as error:
        load({f"LEASEGRAPH_{name}": value})
    assert all(word in str(error.value) for word in words), str(error.value)


def test_a_secret_is_never_repeated() -> None:
    with pytest.raises(SettingsError) as error:
        load({"LEASEGRAPH_REDIS_URL": "http://user:hunter2@redis.example.com"})
    assert "hunter2" not in str(error.value)


def test_a_bad_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    for text, words in (
        ("port = ", "can't be read as TOML"),
        ("prot = 1", "'prot' in "),
        ("port = 'x'", "'port' in "),
    ):
        file.write_text(text)
        with pytest.raises(SettingsError, match=words):
            load({"LEASEGRAPH_CONFIG": str(file)})
    with pytest.raises(
        SettingsError, match=r"can't be read: No such file or directory\. See LEASEGRAPH_CONFIG"
    ):
        load({"LEASEGRAPH_CONFIG": str(tmp_path / "none.toml")})


def test_the_start_stops_with_status_2(tmp_path: Path) -> None:
    environment = {**os.environ, "LEASEGRAPH_PORT": "x", "LEASEGRAPH_DATA_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-m", "gateway", "serve"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.startswith("leasegraph: LEASEGRAPH_PORT: 'x' is not")
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("host", ["192.0.2.1", "a..b", "::2"])
def test_a_host_that_is_not_ours(host: str) -> None:
    with pytest.raises(SettingsError) as error:
        listen(Settings(host=host, port=free_ports(1)[0]))
    assert str(error.value).startswith(f"LEASEGRAPH_HOST: '{host}' is no address of this machine (")


def test_a_host_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise OSError(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "create_server", unknown)
    with pytest.raises(SettingsError, match=r"LEASEGRAPH_HOST: 'portal' .* \(Name or service not known\)"):
        listen(Settings(host="portal"))


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingsError) as error:
        listen(Settings(port=taken.getsockname()[1]))
    assert str(error.value).startswith("LEASEGRAPH_PORT: can't listen on port")


def test_ports_for_metrics(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as own:
        settings = Settings(data_dir=tmp_path, metrics_port=taken.getsockname()[1])
        with pytest.raises(SettingsError, match="LEASEGRAPH_METRICS_PORT: can't listen on port"):
            run(settings, own, "")
        with pytest.raises(SettingsError, match=r"LEASEGRAPH_METRICS_HOST: '192\.0\.2\.1' is no address"):
            run(replace(settings, metrics_host="192.0.2.1"), own, "")
        with pytest.raises(SettingsError, match="each of the 3 workers takes a port"):
            run(replace(settings, metrics_port=65_534, workers=3), own, "")


def test_a_store_that_cannot_start_says_so_plainly(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "appendonlydir").write_text("in the way")
    environment = {
        **os.environ,
        "LEASEGRAPH_PORT": str(free_ports(1)[0]),
        "LEASEGRAPH_DATA_DIR": str(tmp_path),
    }
    command = [sys.executable, "-m", "gateway", "serve"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "embedded Valkey has ended" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_page_is_the_table() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == page(), "run make settings"


def test_the_secret_key_is_made_once_and_only_ours(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    first = secret_key(settings)
    assert len(first) >= 32
    assert secret_key(settings) == first
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert secret_key(Settings(data_dir=tmp_path, secret_key="k" * 32)) == b"k" * 32
    with pytest.raises(SettingsError, match="32"):
        secret_key(Settings(data_dir=tmp_path, secret_key="short"))
