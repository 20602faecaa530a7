"""The tables of systems and sources: what is wrong with them stops the start, and is told with its remedy."""

import re
from pathlib import Path

import pytest

from gateway.setting import SettingsError
from gateway.settings import Settings, load
from gateway.systems.routing import routed

BOOKS = '[systems.books]\nkind = "rest"\nurl = "http://127.0.0.1:9100"\n'
FROM_BOOKS = '[sources]\nbooks = "books"\n'


def loaded(folder: Path, text: str, **environment: str) -> Settings:
    file = folder / "leasegraph.toml"
    file.write_text(text)
    return load({"LEASEGRAPH_CONFIG": str(file), **environment})


def sources(settings: Settings) -> dict[str, str]:
    return {part: each.system.name for each in routed(settings) for part in each.parts}


def test_flat_settings_are_systems() -> None:
    found = sources(load({}))
    assert found.pop("documents") == "documents"
    assert found.pop("mail") == "mail"
    assert found.pop("sending") == "smtp"
    assert set(found.values()) == {"erp"}
    assert [each.system.kind.name for each in routed(load({}))] == ["rest", "folder", "rest", "smtp"]


def test_one_part_elsewhere(tmp_path: Path) -> None:
    settings = loaded(tmp_path, BOOKS + FROM_BOOKS, LEASEGRAPH_ERP_URL="http://127.0.0.1:9200")
    found = {each.system.name: each for each in routed(settings)}
    assert found["books"].parts == ("books",)
    assert found["books"].system.keys.url == "http://127.0.0.1:9100"
    assert found["books"].system.keys.timeout == 5.0
    assert found["erp"].system.keys.url == "http://127.0.0.1:9200"
    assert "books" not in found["erp"].parts


def test_a_table_takes_the_place_of_flat_settings(tmp_path: Path) -> None:
    settings = loaded(tmp_path, '[systems.documents]\nkind = "folder"\npath = "/srv/documents"\n')
    (documents,) = (each for each in routed(settings) if "documents" in each.parts)
    assert documents.system.keys.path == Path("/srv/documents")


@pytest.mark.parametrize("place", ["text", "env", "file"])
def test_where_a_secret_is_kept(place: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sesame\n")
    given = {"text": '"sesame"', "env": '{ env = "BOOKS_KEY" }', "file": f'{{ file = "{tmp_path / "key"}" }}'}
    text = f"erp_api_key = {given[place]}\n{BOOKS}api_key = {given[place]}\n{FROM_BOOKS}"
    settings = loaded(tmp_path, text, BOOKS_KEY="sesame")
    assert settings.erp_api_key == "sesame"
    assert {each.system.keys.api_key for each in routed(settings) if "books" in each.parts} == {"sesame"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOOKS, ["[systems.books]", "nothing comes from it", "Name it in [sources]"]),
        (
            BOOKS + '[sources]\nbooks = "boks"\n',
            ["[sources]", "'books'", "no 'boks'", "Did you mean 'books'?"],
        ),
        (BOOKS + '[sources]\nbook = "books"\n', ["[sources]", "no part 'book'", "Did you mean 'books'?"]),
        (BOOKS + "[sources]\nbooks = 1\n", ["[sources]", "'books'", "as a text"]),
        (
            BOOKS + '[sources]\nsending = "books"\n',
            ["[sources]", "'sending'", "kind 'rest' offer", "clients"],
        ),
        ('[sources]\nclients = "documents"\n', ["[sources]", "'clients'", "kind 'folder' offer documents"]),
        ('sources = "books"', ["'sources' in", "[sources]"]),
        ('systems = "books"', ["'systems' in", "[systems.<name>]"]),
        ("[systems]\nbooks = 1\n", ["[systems.books]", "not a table"]),
        ("[systems.Books]\n", ["[systems.Books]", "lower-case"]),
        ("[systems.state]\n", ["[systems.state]", "is not 'state'"]),
        ("[systems.books]\n", ["[systems.books]", "'kind' is missing", "There is: folder, "]),
        ('[systems.books]\nkind = "rset"\n', ["[systems.books]", "no kind 'rset'", "Did you mean 'rest'?"]),
        ('[systems.books]\nkind = "rest"\n', ["[systems.books]", "'url' is missing", "http(s)://"]),
        (BOOKS + "timout = 1\n", ["[systems.books]", "no key 'timout'", "Did you mean 'timeout'?"]),
        (BOOKS + "timeout = -1\n", ["[systems.books]", "'timeout'", "'-1'", "seconds"]),
        (BOOKS + 'api_key = { env = "NO_KEY" }', ["[systems.books]", "'api_key'", "no NO_KEY"]),
        (
            BOOKS + 'api_key = { file = "/no/key" }',
            ["[systems.books]", "'api_key'", "/no/key", "can't be read"],
        ),
        (BOOKS + 'api_key = { vault = "x" }', ["[systems.books]", "'api_key'", "{ env ="]),
        ('[systems.erp]\nkind = "rest"\nurl = "http://a"\n', ["erp_timeout", "[systems.erp]", "same system"]),
    ],
)
def test_what_bad_tables_say(text: str, words: list[str], tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        loaded(tmp_path, text, LEASEGRAPH_ERP_TIMEOUT="1")
    told = str(error.value)
    assert str(tmp_path / "leasegraph.toml") in told
    assert all(word in told for word in words), told
    assert not re.search(r"[.?]{2}", told), told


def test_a_secret_of_a_system_is_never_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        loaded(tmp_path, '[systems.post]\nkind = "smtp"\nurl = "imap://me:hunter2@mail.example.com"\n')
    assert "hunter2" not in str(error.value)


def test_tables_are_for_the_file() -> None:
    with pytest.raises(SettingsError, match=r"LEASEGRAPH_SYSTEMS: .*\[systems.<name>\]"):
        load({"LEASEGRAPH_SYSTEMS": "books"})
