"""What a terminal's screen says: somebody's name as far as the queue may read it, the moment, the judgement."""

from datetime import date
from typing import Any

from api.kiosk.last import last_here, note
from api.kiosk.paired import Paired
from api.kiosk.punching import Clocked
from api.pages.words import KNOWN_SESSIONS
from api.settings import Language
from api.text import say
from devices.face.ports import Called

TONES = {"kept": "good", "late": "late", "early": "late", "unused": "plain", "recorded": "plain"}


def surname(name: str) -> str:
    """The family name of a Chinese name, the first word of any other."""
    if " " in name:
        return name.split()[0]
    return name[:2] if len(name) > 2 and name[:2] in say("kiosk.surnames_of_two").split() else name[:1]


def shown(terminal: Paired, clocked: Clocked, language: Language) -> dict[str, Any]:
    """What the screen shows for three seconds; whoever is new goes into the list of the last ones."""
    if not clocked.already:
        note(terminal.desk, terminal.sn, clocked)
    line = line_of(terminal, clocked, language)
    state = "already" if clocked.already else "clocked"
    return {"state": state, **line, "words": _sentence(clocked, line, language)}


def last_lines(terminal: Paired, language: Language) -> list[dict[str, str]]:
    """The list beside the camera."""
    return [line_of(terminal, clocked, language) for clocked in last_here(terminal.desk, terminal.sn)]


def line_of(terminal: Paired, clocked: Clocked, language: Language) -> dict[str, str]:
    """One line: who, where, when, and what the rules make of it."""
    called = called_on(terminal, clocked.no, clocked.at.date())
    return {
        "name": called.name,
        "window": called.window,
        "at": f"{clocked.at:%H:%M:%S}",
        "word": judgement(clocked, language),
        "tone": TONES[clocked.judgement],
    }


def called_on(terminal: Paired, no: str, day: date) -> Called:
    """How this terminal calls somebody on a day, and where they serve."""
    posting = terminal.desk.hall.book().people.posting_on(no, day)
    name = terminal.desk.hall.opened(posting.fact.name) if posting else None
    return Called(_called(terminal, no, name or ""), posting.fact.window if posting else "")


def _called(terminal: Paired, no: str, name: str) -> str:
    wish = terminal.pairing.names
    if wish == "number" or not name:
        return no
    return name if wish == "full" else surname(name)


def judgement(clocked: Clocked, language: Language) -> str:
    return say(f"kiosk.judged.{clocked.judgement}", language, minutes=clocked.minutes)


def _sentence(clocked: Clocked, line: dict[str, str], language: Language) -> str:
    """Under the line: which mark it serves, or that it was here before."""
    if clocked.already:
        return say("kiosk.already", language, at=line["at"])
    if not clocked.mark:
        return say("kiosk.unused" if clocked.judgement == "unused" else "kiosk.kept", language)
    known = clocked.session in KNOWN_SESSIONS
    session = say(f"page.session.{clocked.session}", language) if known else clocked.session
    return say(f"kiosk.mark.{clocked.mark}", language, session=session)
