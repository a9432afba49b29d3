"""Which fonts a document is drawn with, and what they cannot draw."""

import pytest

from api.documents.fonts import Fonts, code_points, fonts_here, unprintable_names

RARE = "𠮷"
"""Outside the first 65,536 characters: the fonts of the package lack it."""
NOWHERE = "\U0003ffff"
"""A code point that is no character."""


@pytest.fixture(scope="module")
def package_fonts() -> Fonts:
    """A machine without any Chinese font of its own."""
    return fonts_here(system=False)


def test_without_system_fonts_noto_of_the_package_stands_in_and_that_is_said(package_fonts: Fonts):
    assert package_fonts.families["fangsong"] == ["Noto Serif SC"]
    assert package_fonts.families["hei"] == ["Noto Sans SC"]
    assert set(package_fonts.stood_in) == set(package_fonts.families)


def test_every_character_is_looked_up(package_fonts: Fonts):
    assert package_fonts.lacking("杨濛、冯〇一〔2026〕—√①\u3000 \n") == set()
    assert package_fonts.lacking(f"{RARE}舟{NOWHERE}") == {RARE, NOWHERE}


def test_names_that_cannot_be_printed_are_open_questions_with_their_characters(package_fonts: Fonts):
    names = {"0101": "杨濛", "0104": f"{RARE}舟", "0105": ""}
    assert unprintable_names(names, package_fonts) == [
        {
            "kind": "unprintable_name",
            "subject": "0104",
            "since": None,
            "detail": {"no": "0104", "characters": "𠮷（U+20BB7）"},
        }
    ]
    assert unprintable_names({}, package_fonts) == []


def test_code_points_are_named_once():
    assert code_points("濛濛〇") == "濛（U+6FDB）、〇（U+3007）"
