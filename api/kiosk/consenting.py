"""Consent to faces as the office takes it: the text in one's own words, a signature drawn by hand, the way back."""

from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import msgspec

from api.given import zone_of
from api.kiosk.desk import Desk
from api.settings import Language
from api.text import say
from attendance import consent
from attendance.facts import Refused
from attendance.hall import Draft, Outcome

VERSION = "2026-1"
"""Another text is another version: what people signed stays what they signed."""
FEWEST_POINTS = 8
"""A dot is no signature."""
Strokes = list[list[tuple[int, int]]]


def text(language: Language) -> str:
    """The words that are signed (人脸识别技术应用安全管理办法 art. 5–10; PIPL art. 14, 17, 29)."""
    return say("page.faces.agreement", language)


def now(desk: Desk) -> datetime:
    """The hall's wall clock."""
    return datetime.now(ZoneInfo(zone_of(desk.hall))).replace(tzinfo=None, microsecond=0)


def give(desk: Desk, no: str, actor: str, signature: str, language: Language) -> None:
    """A person agrees and signs. The strokes are sealed under the person's own key. Raises Refused unsigned."""
    sha, drawn, at = sha256(text(language).encode()).hexdigest(), strokes(signature), now(desk)
    words = f"{VERSION}-{language}"

    def agreed(draft: Draft) -> Outcome:
        return consent.give(draft, no=no, kind=consent.FACE, at=at, text=words, sha256=sha, signature=drawn)

    desk.hall.decide(agreed, actor)


def strokes(drawn: str) -> str:
    """The strokes of a signature, checked and in their shortest spelling. Raises Refused for a dot or none."""
    try:
        lines = msgspec.json.decode(drawn or "[]", type=Strokes)
    except msgspec.DecodeError:
        lines = []
    if sum(map(len, lines)) < FEWEST_POINTS:
        raise Refused("signature_missing", "signature")
    return msgspec.json.encode(lines).decode()


def withdraw(desk: Desk, no: str, actor: str) -> None:
    """Take every consent to the face back, and destroy the template. Raises Refused when there was none."""
    desk.hall.decide(lambda draft: consent.withdraw(draft, no=no, kind=consent.FACE, at=now(desk)), actor)
    desk.faces.forget(no, reason="withdrawn", actor=actor)
