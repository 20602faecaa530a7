"""One cookie is read as Starlette reads them all."""

import pytest
from starlette.requests import Request

from auth.cookies import Cookies
from auth.options import AuthOptions

SENT = [
    [],
    [b""],
    [b"lg_lang=pl"],
    [b"lg_session=one; lg_session=two"],
    [b"lg_session=one", b"other=1; lg_session=two;"],
    [b"lg_session=one", b"other=1"],
    [b" lg_session = one ;lg_lang"],
    [b"lg_session=one; lg_session; =x"],
    [b"lg_session"],
    [b"lg_session="],
    [b"xlg_session=1; lg_sessionx=2; LG_SESSION=3"],
    [b"lg_session=a=b=="],
    [b'lg_session="quoted \\"and\\" \\073 so"'],
    [b"lg_session=\xff\xfe"],
]


@pytest.mark.parametrize("sent", SENT, ids=repr)
def test_it_is_the_one_that_starlette_finds(sent: list[bytes]) -> None:
    cookies = Cookies(
        AuthOptions(public_url="http://localhost:8000", leasing_company="Example", pepper=b"x" * 32)
    )
    headers = [(b"host", b"localhost"), *((b"cookie", each) for each in sent)]
    request = Request({"type": "http", "headers": headers})
    assert cookies.read(request, "session") == request.cookies.get("lg_session")
