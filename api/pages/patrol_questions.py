"""What patrol leaves for the office to settle: contradictions, doubtful clocks, deeds that were held, praise."""

from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from api.auth import Asker, CheckedForm, may
from api.given import TheHall, TheLedger
from api.pages.finding_view import FindingView
from api.pages.frame import page
from api.pages.open_finding import findings_view
from api.pages.patrol_tabs import doubts, tabs
from api.patrolling import hall_now, zone_of_hall
from api.roles import Action
from api.text import say
from attendance import placing, praise
from attendance.deeds import DeedHeld
from attendance.facts import Entry, Refused
from attendance.hall import Hall
from attendance.placing import Mended
from attendance.policy import Policy
from attendance.praise import PraiseNoted
from attendance.tablet import Deed
from projections.ledger import Ledger

router = APIRouter(include_in_schema=False, prefix="/findings/questions")

Settler = Annotated[Asker, may(Action.SETTLE_FINDING)]
Json = dict[str, Any]
DATES = "%Y-%m-%dT%H:%M"


@router.get("", dependencies=[may(Action.SETTLE_FINDING)])
def questions(request: Request, hall: TheHall, ledger: TheLedger) -> Response:
    return _page(request, hall, ledger)


def _page(request: Request, hall: Hall, ledger: Ledger, refused: Refused | None = None) -> Response:
    """The page, with why the last form on it was refused."""
    now = hall_now(hall)
    view = findings_view(request, f"{now:%Y-%m}")
    book, policy = view.book, view.book.policies.in_force(f"{now:%Y-%m}")
    content = {
        "held": [_held(view, entry) for entry in book.deeds.open()],
        "praises": [_praise(view, entry) for entry in book.praises.open()],
        "windows": list(dict.fromkeys(entry.fact.window for entry in book.windows)),
        "codes": _codes(policy),
        **_doubts(view, ledger),
    }
    return page(request, "patrol_questions.html", content | tabs(request), refused=refused)


def _codes(policy: Policy) -> Json:
    return {
        "finding": [(code.code, code.name) for code in policy.finding],
        "praise": [(item.code, item.name) for item in policy.bonus if item.points > 0],
    }


def _doubts(view: FindingView, ledger: Ledger) -> Json:
    """Contradictions and doubtful clocks, as lines with what speaks against them."""
    found: Json = {"contradiction": [], "tablet_clock": []}
    for question in doubts(view.hall, ledger):
        found[question["kind"]].append(_doubt(view, question["detail"]))
    return {"contradictions": found["contradiction"], "clocks": found["tablet_clock"]}


def _doubt(view: FindingView, detail: Json) -> Json:
    entry = view.book.patrol.noted(detail["finding"])
    assert entry is not None, "a question names a finding of the book"
    at = entry.fact.seen_at.replace(second=0)
    why = f"page.findings.against.{detail['why']}" if "why" in detail else "page.findings.against.clock"
    minutes = round(entry.fact.offset_seconds / 60)
    return {
        "row": view.line(entry),
        "against": say(why, view.language, punch=detail.get("punch", ""), n=minutes),
        "evidence": detail.get("evidence", ""),
        "start": f"{at:{DATES}}",
    }


def _held(view: FindingView, entry: Entry[DeedHeld]) -> Json:
    """What was held, with everything the tablet sent of it."""
    held, content = entry.fact, view.hall.opened(entry.fact.content)
    told = msgspec.json.decode(content, type=Deed) if content else None
    local = held.tablet_at.astimezone(ZoneInfo(view.words.zone))
    return {
        "deed": held.deed,
        "id": str(entry.id),
        "kind": held.kind,
        "what": say(f"page.findings.kind.{held.kind}", view.language),
        "why": say(f"page.findings.held_for.{held.held_for}", view.language),
        "account": held.account,
        "at": f"{local:{DATES}}",
        "received": view.moment(entry.recorded_at),
        "told": told,
        "code": _code(view, told) if told else "",
        "until": _clock(told.until, view.words.zone) if told else "",
    }


def _code(view: FindingView, told: Deed) -> str:
    """The name of a code as the policy in force says it; a code it does not have as the tablet sent it."""
    policy = view.book.policies.in_force(f"{told.at:%Y-%m}")
    names = {code.code: code.name for code in policy.finding} | {item.code: item.name for item in policy.bonus}
    return names.get(told.code, told.code)


def _clock(until: str, zone: str) -> str:
    """`HH:MM` of an end, told as such or as a moment of the tablet's clock."""
    try:
        return (
            until if len(until) <= len("HH:MM") else f"{datetime.fromisoformat(until).astimezone(ZoneInfo(zone)):%H:%M}"
        )
    except ValueError:
        return until


def _praise(view: FindingView, entry: Entry[PraiseNoted]) -> Json:
    noted = entry.fact
    item = view.book.policies.in_force(f"{noted.seen_at:%Y-%m}").bonus_items().get(noted.code)
    return {
        "praise": noted.praise,
        "id": str(entry.id),
        "what": item.name if item else noted.code,
        "points": f"{item.points.normalize():f}" if item else "",
        "window": noted.window,
        "no": noted.no,
        "name": view.name(noted.no) if noted.no else "",
        "note": view.hall.opened(noted.note) or "",
        "at": view.moment(entry.recorded_at),
        "account": noted.account,
    }


@router.post("/held", dependencies=[CheckedForm])
def place(
    request: Request,
    asker: Settler,
    hall: TheHall,
    ledger: TheLedger,
    deed: Annotated[str, Form(max_length=64)],
    verdict: Annotated[Literal["admitted", "dismissed"], Form()],
    window: Annotated[str, Form(max_length=60)] = "",
    no: Annotated[str, Form(max_length=40)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
    at: Annotated[str, Form(max_length=40)] = "",
    reason: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Admit what was held with what was wrong put right, or dismiss it for a reason."""
    try:
        if verdict == "dismissed":
            hall.decide(lambda draft: placing.dismiss(draft, deed=deed, reason=reason), asker.actor)
        else:
            mended = Mended(window.strip(), no.strip(), code.strip(), _moment(at))
            _admit(hall, asker.actor, deed, mended, reason)
    except Refused as refused:
        return _page(request, hall, ledger, refused)
    return RedirectResponse("/findings/questions#held", 303)


def _admit(hall: Hall, actor: str, deed: str, mended: Mended, reason: str) -> None:
    held, now = hall.book().deeds.holding(deed), hall_now(hall)
    content = (hall.opened(held.fact.content) or "") if held else ""
    zone = zone_of_hall(hall, now)
    hall.decide(
        lambda draft: placing.admit(
            draft, deed=deed, content=content, mended=mended, now=now, zone=zone, reason=reason
        ),
        actor,
    )


def _moment(text: str) -> datetime | None:
    """What a field for date and time sends; None for an empty one. Raises Refused."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("not_a_moment", "at", value=text) from None


@router.post("/praise", dependencies=[CheckedForm])
def settle_praise(
    request: Request,
    asker: Settler,
    hall: TheHall,
    ledger: TheLedger,
    number: Annotated[str, Form(max_length=64)],
    verdict: Annotated[Literal["claimed", "dismissed"], Form()],
    reason: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Make a bonus claim of something good that was seen, or not."""
    try:
        hall.decide(lambda draft: praise.settle(draft, praise=number, verdict=verdict, reason=reason), asker.actor)
    except Refused as refused:
        return _page(request, hall, ledger, refused)
    return RedirectResponse("/findings/questions#praise", 303)
