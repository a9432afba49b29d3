"""The bulletin's text as its editor sees it: section by section, what the ledger fills in and what is the editor's."""

from dataclasses import replace
from typing import Any, NamedTuple

import msgspec

from api.documents.bulletin import Heading, block_lines
from api.documents.compose import CLOSING, OPENING, masthead, sections, title_lines, told_annexes
from api.documents.matter import Matter
from api.documents.source import matter_of
from api.documents.styles import Section
from api.pages.dates import moment_text, recorded_moment
from api.pages.open_month import OpenMonth
from api.text import say
from attendance.bulletins import STEPS

Json = dict[str, Any]
NEEDED = {"drafted": "edit_bulletin", "reviewed": "review_bulletin", "signed": "publish"}
"""The action that lets somebody take a step."""


class EditorSection(NamedTuple):
    """One section: its heading as printed, what is filled in, and the editor's own paragraphs."""

    id: str
    heading: str
    filled: list[str]
    own: str
    printed: bool = True
    """Whether the heading is on the paper; before and after the sections there is only a place."""


class StepRow(NamedTuple):
    """One step on the way to the seal."""

    name: str
    label: str
    account: str
    """Who took it; empty while it is to be taken."""
    at: str
    open: bool
    """Whether it is the next one, and not barred to whoever drafted."""
    needs: str


def bulletin_content(opened: OpenMonth, account: str) -> Json:
    """Everything the template asks for. Raises Refused for a month with nothing to tell."""
    matter = matter_of(opened.ledger, opened.month)
    bare = replace(matter, paragraphs={})
    return {
        "letterhead": masthead(matter),
        "title": "".join(title_lines(matter)),
        "addressees": matter.style.house.addressees,
        "sections": _sections(matter, bare),
        "annexes": [titled[0] for titled in told_annexes(matter)],
        "issuer": matter.style.house.issuer,
        "style": matter.style.description or matter.style.name,
        "steps": _steps(opened, account),
        "editable": matter.state in ("open", "in_review"),
        "moved": matter.state == "in_review" and bool(opened.ledger.differences(opened.month)),
        "filled_from": _basis(opened, matter),
    }


def _basis(opened: OpenMonth, matter: Matter) -> Json:
    as_of = matter.edition["as_of"]
    recorded = recorded_moment(as_of["recorded_at"])
    when = moment_text(recorded, opened.words.language, opened.words.zone) if recorded else "—"
    return {"position": as_of["position"], "recorded": when}


def _sections(matter: Matter, bare: Matter) -> list[EditorSection]:
    layout, words = matter.style.layout, matter.words
    opening, closing = say("page.bulletin.opening"), say("page.bulletin.closing")
    found = [EditorSection(OPENING, opening, _sentence(matter, layout.opening), _own(matter, OPENING), False)]
    printed = 0
    for section in matter.style.section:
        filled, own = _filled(bare, section), _own(matter, section.id)
        printed += bool(filled or own)
        heading = words.fill(section.heading, cn=words.number(max(printed, 1)), n=max(printed, 1))
        found.append(EditorSection(section.id, heading, filled, own, bool(filled or own)))
    return [*found, EditorSection(CLOSING, closing, _sentence(matter, layout.closing), _own(matter, CLOSING), False)]


def _sentence(matter: Matter, sentence: str) -> list[str]:
    return [matter.words.fill(sentence)] if sentence else []


def _own(matter: Matter, section: str) -> str:
    return "\n".join(matter.paragraphs.get(section, []))


def _filled(bare: Matter, section: Section) -> list[str]:
    """What the ledger fills into a section."""
    alone = replace(bare, style=msgspec.structs.replace(bare.style, section=[section]))
    return block_lines([block for block in sections(alone) if not isinstance(block, Heading)])


def _steps(opened: OpenMonth, account: str) -> list[StepRow]:
    taken = opened.book.bulletins.steps(opened.month)
    following = next((name for name in STEPS if name not in taken), None)
    drafter = taken["drafted"].fact.account if "drafted" in taken else ""
    rows = []
    for name in STEPS:
        entry = taken.get(name)
        moment = recorded_moment(entry.recorded_at) if entry else None
        rows.append(
            StepRow(
                name,
                say(f"page.step.{name}", opened.words.language),
                entry.fact.account if entry else "",
                moment_text(moment, opened.words.language, opened.words.zone) if moment else "",
                name == following and account != drafter,
                NEEDED[name],
            )
        )
    return rows
