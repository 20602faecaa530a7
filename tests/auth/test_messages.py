"""Both catalogues say the same things."""

import re
from pathlib import Path

import auth
from auth.messages import MESSAGES
from auth.password_rules import MAX_LENGTH, MIN_LENGTH, Rule
from auth.pins import DIGITS


def test_catalogues_have_the_same_keys_and_fields() -> None:
    assert MESSAGES["pl"].keys() == MESSAGES["en"].keys()
    for key, text in MESSAGES["pl"].items():
        fields = re.findall(r"\{(\w+)\}", text)
        assert sorted(fields) == sorted(re.findall(r"\{(\w+)\}", MESSAGES["en"][key])), key


def test_every_message_is_used_and_every_used_one_is_there() -> None:
    folder = Path(auth.__file__).parent
    sources = [*folder.rglob("*.py"), *folder.glob("templates/*.html")]
    text = "\n".join(source.read_text("utf-8") for source in sources)
    built = re.compile(
        r"(mail_|error_|done_|first_|reset_|rule_|scope_|hint_|login_missing|password_missing)"
    )  # put together from parts
    assert not [key for key in MESSAGES["pl"] if not built.match(key) and key not in text]
    asked = set(re.findall(r"\bt\('(\w+)'[,)]", text))
    assert asked <= MESSAGES["pl"].keys()
    assert {str(rule) for rule in Rule} <= MESSAGES["pl"].keys()


def test_figures_in_words_are_the_rules() -> None:
    """They are written out, since Polish nouns follow the number before them."""
    for texts in MESSAGES.values():
        assert re.findall(r"\d+", texts["hint_length"]) == [str(MIN_LENGTH), str(MAX_LENGTH)]
        assert re.findall(r"\d+", texts["rule_too_short"]) == [str(MIN_LENGTH)]
        assert re.findall(r"\d+", texts["rule_too_long"]) == [str(MAX_LENGTH)]
        assert len(re.findall(r"\d", texts["pin_hint"])) == DIGITS
