"""QR codes: the SVG draws exactly the modules of the code."""

import re
import xml.etree.ElementTree as ET

import segno

from resolvers import qr

PAYLOAD = "5252310027|PL|61109010140000071219812874|146000|Żółta Łódź S.A.|FV/2026/0000037|||"
STEP = re.compile(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(text: str) -> set[tuple[int, int]]:
    """The dark modules, read from the strokes of the SVG."""
    root = ET.fromstring(qr.svg(text))  # noqa: S314  our own
    background, strokes = root.findall(f".//{SVG}path")
    assert background.get("fill") == "#fff"
    x = y = 0.0
    dark = set()
    for step, first, second in STEP.findall(strokes.get("d") or ""):
        if step == "h":
            dark |= {(int(x) + place, int(y)) for place in range(int(float(first)))}
            x += float(first)
        else:
            x, y = (float(first), float(second)) if step == "M" else (x + float(first), y + float(second))
    return dark


def test_the_svg_is_the_code() -> None:
    code = segno.make_qr(PAYLOAD, encoding="utf-8", error="m", boost_error=False)
    border = 4
    expected = {
        (x + border, y + border)
        for y, row in enumerate(code.matrix)
        for x, module in enumerate(row)
        if module
    }
    assert drawn(PAYLOAD) == expected
    assert f'viewBox="0 0 {code.symbol_size(border=border)[0]} ' in qr.svg(PAYLOAD)


async def test_nothing_is_drawn_of_nothing() -> None:
    assert await qr.drawn(None) is None
    assert await qr.drawn(PAYLOAD) == qr.svg(PAYLOAD)
