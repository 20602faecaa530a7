"""QR codes (ISO/IEC 18004) as SVG."""

import asyncio
import io
from functools import lru_cache

REMEMBERED = 512
COST = 4000
"""What drawing one costs, against a value of an answer: 5 ms, and a page of 100 must be possible."""


async def drawn(text: str | None) -> str | None:
    """The SVG of a text, drawn in a thread: it takes some milliseconds."""
    return None if text is None else await asyncio.to_thread(svg, text)


@lru_cache(maxsize=REMEMBERED)
def svg(text: str) -> str:
    """Black on white, UTF-8, error correction M, a quiet zone of 4 modules; as large as its place."""
    import segno  # when somebody wants one: it takes memory

    out = io.BytesIO()
    code = segno.make_qr(text, encoding="utf-8", error="m", boost_error=False)
    code.save(out, kind="svg", xmldecl=False, nl=False, omitsize=True, border=4, light="#fff")
    return out.getvalue().decode()
