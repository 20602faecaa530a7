"""Names of files, whatever they are, in the header that browsers read."""

import re
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.downloads.disposition import attachment

SHAPE = re.compile(
    r"attachment; filename=\"[\x20-\x7e]+\"; filename\*=UTF-8''[A-Za-z0-9!#$&+\-.^_`|~%]+", re.ASCII
)


def names(header: str) -> tuple[str, str]:
    """What an old browser reads, and what the others do."""
    plain, _, coded = header.removeprefix('attachment; filename="').partition("\"; filename*=UTF-8''")
    return plain, unquote(coded, errors="strict")


@pytest.mark.parametrize(
    ("name", "plain", "whole"),
    [
        ("FV-37.pdf", "FV-37.pdf", "FV-37.pdf"),
        ("Zażółć gęślą jaźń.pdf", "Zazolc gesla jazn.pdf", "Zażółć gęślą jaźń.pdf"),
        ('a"b\\c.pdf', "a_b_c.pdf", 'a"b_c.pdf'),
        ("100%25.pdf", "100_25.pdf", "100%25.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("../../etc/passwd", "_.._etc_passwd", "_.._etc_passwd"),
        ("a;b=c'd.pdf", "a;b=c'd.pdf", "a;b=c'd.pdf"),
        ("faktura\u202efdp.exe", "fakturafdp.exe", "fakturafdp.exe"),
        ("発票.pdf", "__.pdf", "発票.pdf"),
        ("", "document", "document"),
        ("...", "document", "document"),
        ("x" * 500 + ".pdf", "x" * 150 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_names(name: str, plain: str, whole: str) -> None:
    assert names(attachment(name)) == (plain, whole)


@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_name_makes_a_header(name: str) -> None:
    header = attachment(name)
    assert SHAPE.fullmatch(header), header
    _, whole = names(header)
    assert not set(whole) & set("\r\n/\\\0")


def test_the_standard_library_reads_it() -> None:
    message = Message()
    message["Content-Disposition"] = attachment("Umowa żółw „1”.pdf").replace('filename="', 'old="')
    assert message.get_filename() == "Umowa żółw „1”.pdf"
