"""The gateway's pages to a browser, and to a program that asks for the same address."""

import brotli
import httpx2
import pytest

from gateway.pages import BUNDLE
from tests.harness.processes import Gateway

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def get(gateway: Gateway, path: str, **headers: str) -> httpx2.Response:
    return httpx2.get(gateway.url + path, headers=headers, trust_env=False)


@pytest.mark.parametrize(
    ("language", "title"), [("pl", "Nie ma takiej strony"), ("en-GB,en;q=0.9", "Page not found")]
)
def test_no_such_page(gateway: Gateway, language: str, title: str) -> None:
    answer = get(gateway, "/no-such-page", **BROWSER, **{"Accept-Language": language})
    assert answer.status_code == 404
    assert f"<h1>{title}</h1>" in answer.text
    assert 'href="/"' in answer.text
    assert "no-such-page" not in answer.text


def test_a_program_is_told_in_a_word(gateway: Gateway) -> None:
    answer = get(gateway, "/no-such-page", Accept="application/json")
    assert (answer.status_code, answer.text) == (404, "Not Found")


def test_logging_out_is_no_page(gateway: Gateway) -> None:
    answer = get(gateway, "/logout", **BROWSER)
    assert answer.status_code == 405
    assert 'href="/login"' in answer.text


@pytest.mark.parametrize("path", ["/", "/login", "/first-login", "/no-such-page"])
def test_pages_run_nothing_that_is_written_into_them(gateway: Gateway, path: str) -> None:
    answer = get(gateway, path, **BROWSER)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    inline = (" style=", "<style", " onclick=", "<script>", "javascript:")
    assert [sign for sign in inline if sign in answer.text] == []


@pytest.mark.parametrize("name", ["graphiql.js", "graphiql.css", "graphql.worker.js"])
def test_the_bundle_comes_compressed_where_asked(gateway: Gateway, name: str) -> None:
    if not (BUNDLE / f"{name}.br").exists():
        pytest.skip("needs the GraphiQL bundle; `make test` builds it where it can")
    path = f"/static/graphiql/{name}"
    plain = get(gateway, path, **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    with httpx2.stream(
        "GET", gateway.url + path, headers={"Accept-Encoding": "br"}, trust_env=False
    ) as smaller:
        content = b"".join(smaller.iter_raw())
    assert len(content) < len(plain.content) / 1.5
    assert brotli.decompress(content) == plain.content
    assert smaller.headers["content-encoding"] == "br"
    for answer in (plain, smaller):
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-type"] == plain.headers["content-type"]
    assert smaller.headers["etag"] != plain.headers["etag"]
