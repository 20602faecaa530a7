"""axe-core, the accessibility checker, in whatever page is open."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Page

SCRIPT = Path(__file__).parents[2] / "portal" / "node_modules" / "axe-core" / "axe.min.js"
installed = pytest.mark.skipif(
    not SCRIPT.exists(), reason="axe-core is missing: npm ci in portal/ installs it, as make graphiql does"
)

# Every rule that axe has switched on, best practices among them, and the size of what is pressed.
# GraphiQL's panels are others' work; the bar above them is ours. A frame without scripts has no room for axe.
RUN = """
async () => {
  const { violations, incomplete } = await axe.run(
    { exclude: [["#graphiql"]] },
    { rules: { "target-size": { enabled: true }, "frame-tested": { enabled: false } } });
  return [...violations, ...incomplete].map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
"""


async def complaints(page: "Page") -> list[str]:
    """What axe finds wrong, and what it can't tell, each with its elements."""
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(SCRIPT.read_text("utf-8"))
    found: list[str] = await page.evaluate(RUN)
    return found
