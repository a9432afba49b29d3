"""The bulletin's own text and its way to the seal."""

from datetime import date
from typing import Any

import pytest
from halls import do, refusal_of

from attendance import bulletins, months
from attendance.bulletins import sealed_texts, with_paragraphs
from attendance.hall import Hall

MONTH = "2026-03"
EMPTY: dict[str, Any] = {"month": MONTH, "policy": {"sha256": ""}}


def write(hall: Hall, text: str, section: str = "focus") -> str:
    return do(hall, bulletins.edit, month=MONTH, section=section, text=text)


def step(hall: Hall, name: str, account: str) -> str:
    return do(hall, bulletins.step, month=MONTH, step=name, account=account)


def publish(hall: Hall) -> None:
    told = {"month": MONTH, "edition": EMPTY, "position": 1, "today": date(2026, 4, 1)}
    do(hall, months.open_review, **told)
    do(hall, months.publish, **told, open_questions=[])


def test_paragraphs_are_kept_line_by_line_and_the_newest_text_counts(hall: Hall):
    assert write(hall, "第一段\n\n  第二段  ") == "new"
    assert write(hall, "第一段\n第二段") == "repeated"
    assert write(hall, "改过的一段") == "changed"
    assert hall.opened(hall.book().bulletins.paragraphs(MONTH)["focus"]) == "改过的一段"


def test_empty_text_takes_a_section_away(hall: Hall):
    assert write(hall, " \n ") == "repeated"
    write(hall, "一段")
    assert write(hall, "") == "changed"
    assert hall.book().bulletins.paragraphs(MONTH) == {}


def test_what_the_editor_writes_stands_nowhere_in_clear(hall: Hall):
    write(hall, "对钱桐雅予以表扬")
    assert not any("钱桐雅".encode() in row.state for row in hall.store.read(0, 10_000))


@pytest.mark.parametrize("section", ["", "重点", "a b", "9th", "x" * 41])
def test_a_section_is_named_by_a_plain_word(hall: Hall, section):
    told = {"month": MONTH, "section": section, "text": "一段"}
    assert refusal_of(hall, bulletins.edit, **told) == ("section_malformed", "section")


def test_the_steps_are_taken_in_order_by_two_people(hall: Hall):
    assert step(hall, "drafted", "chen") == "new"
    assert step(hall, "reviewed", "lin") == "new"
    assert step(hall, "signed", "lin") == "new"
    assert {name: entry.fact.account for name, entry in hall.book().bulletins.steps(MONTH).items()} == {
        "drafted": "chen",
        "reviewed": "lin",
        "signed": "lin",
    }


@pytest.mark.parametrize(
    ("taken", "next_step", "code"),
    [
        ([], ("reviewed", "lin"), "bulletin_step_early"),
        ([], ("signed", "lin"), "bulletin_step_early"),
        ([("drafted", "chen")], ("signed", "lin"), "bulletin_step_early"),
        ([("drafted", "chen")], ("drafted", "lin"), "bulletin_step_taken"),
        ([("drafted", "chen")], ("reviewed", "chen"), "bulletin_own_draft"),
        ([("drafted", "chen"), ("reviewed", "lin")], ("signed", "chen"), "bulletin_own_draft"),
    ],
)
def test_a_step_out_of_order_or_by_the_drafter_is_refused(hall: Hall, taken, next_step, code):
    for name, account in taken:
        step(hall, name, account)
    told = {"month": MONTH, "step": next_step[0], "account": next_step[1]}
    assert refusal_of(hall, bulletins.step, **told)[0] == code


def test_editing_makes_the_steps_before_it_void(hall: Hall):
    write(hall, "一段")
    step(hall, "drafted", "chen")
    step(hall, "reviewed", "lin")
    write(hall, "另一段")
    assert hall.book().bulletins.steps(MONTH) == {}
    assert refusal_of(hall, bulletins.step, month=MONTH, step="signed", account="lin")[0] == "bulletin_step_early"
    assert step(hall, "drafted", "lin") == "new"


def test_an_edition_takes_the_paragraphs_along_sealed(hall: Hall):
    write(hall, "一段\n又一段")
    step(hall, "drafted", "chen")
    whole = with_paragraphs(hall.book(), EMPTY)
    assert "一段" not in str(whole)
    assert hall.opened(sealed_texts(whole, "paragraphs")["focus"]) == "一段\n又一段"
    assert whole["steps"] == {"drafted": "chen"}
    assert sealed_texts(EMPTY, "paragraphs") == {}


def test_a_published_month_is_neither_edited_nor_stepped_any_more(hall: Hall):
    publish(hall)
    assert refusal_of(hall, bulletins.edit, month=MONTH, section="focus", text="一段")[0] == "month_published"
    assert refusal_of(hall, bulletins.step, month=MONTH, step="drafted", account="chen")[0] == "month_published"
