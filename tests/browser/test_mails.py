"""How a credential mail looks in a mail program: narrow and wide, and to axe-core."""

import pytest

from auth.messages import LANGUAGES, Language
from tests.auth.test_mails import KINDS, mail
from tests.browser.axe import complaints, installed
from tests.browser.visitor import Visitor


@installed
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_mail_fits_and_can_be_read(visitor: Visitor, kind: str, language: Language) -> None:
    # a letter has neither landmarks nor headings: its subject is its title
    letters = {"bypass", "landmark-one-main", "page-has-heading-one", "region"}
    for width in (600, 375, 320):
        await visitor.page.set_viewport_size({"width": width, "height": 800})
        await visitor.page.set_content(mail(kind, language).html)
        assert await visitor.page.evaluate("document.documentElement.scrollWidth") == width
    assert {each.partition(":")[0] for each in await complaints(visitor.page)} <= letters
