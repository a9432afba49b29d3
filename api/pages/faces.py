"""Faces in the office: the register of consents, and one person's consent, enrolment and withdrawal."""

from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Form, Header, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.auth import Asker, CheckedCall, CheckedForm, may
from api.faces import today
from api.kiosk import consenting
from api.kiosk.desk import Desk, TheDesk
from api.kiosk.frames import Frames
from api.pages.faces_view import FacesView
from api.pages.frame import language_of, page
from api.problems import Problem
from api.roles import Action
from api.text import refusal, say
from attendance.faces import may_be_enrolled
from attendance.facts import Refused
from attendance.passcodes import noted
from devices.face.ports import Enrolled

router = APIRouter(include_in_schema=False, prefix="/faces")
Enroller = Annotated[Asker, may(Action.ENROL_FACE)]
Reason = Annotated[str, Header(alias="X-Manqin-Reason", max_length=3000)]
"""Percent-encoded. Not in the address, which proxies write into their logs."""
FEWEST, MOST = 3, 5
"""Frames of an enrolment."""


@router.get("", dependencies=[may(Action.SEE_FACES)])
def register(request: Request, desk: TheDesk) -> Response:
    """Everybody's consent and face, and how many faces are stored."""
    view = FacesView(desk, language_of(request))
    return page(request, "faces.html", {"rows": view.rows(), "count": desk.faces.enrolled(), **view.counts()})


@router.get("/{no}", dependencies=[may(Action.SEE_FACES)])
def face_of(request: Request, desk: TheDesk, no: str) -> Response:
    return _person(request, desk, no)


def _person(request: Request, desk: Desk, no: str, refused: Refused | None = None, passcode: str = "") -> Response:
    language = language_of(request)
    if not desk.hall.book().people.known(no):
        raise Problem(404, "person_unknown", no=no)
    content = {
        "no": no,
        "passcode": passcode,
        "fewest": FEWEST,
        "most": MOST,
        "agreement": consenting.text(language),
        "version": consenting.VERSION,
        "said": enrolment_words(request),
        **FacesView(desk, language).person(no),
    }
    return page(request, "face_of.html", content, refused=refused)


def enrolment_words(request: Request) -> dict[str, str]:
    """What the enrolment's script says, in the language of the page."""
    keys = ("start", "hold", "again", "enough", "saving", "saved", "no_camera", "signed_out", "sign_first")
    return {key: say(f"page.faces.say.{key}", language_of(request)) for key in keys}


@router.post("/{no}/consent", dependencies=[CheckedForm])
def agree(
    request: Request,
    asker: Enroller,
    desk: TheDesk,
    no: str,
    signature: Annotated[str, Form(max_length=60_000)] = "",
    read: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """The person has read the text and signed, here, in front of the office."""
    try:
        consenting.give(desk, no, asker.actor, signature if read else "", language_of(request))
    except Refused as refused:
        return _person(request, desk, no, refused)
    return RedirectResponse(f"/faces/{no}#enrol", 303)


@router.post("/{no}/judge", dependencies=[CheckedCall])
def judge(request: Request, _asker: Enroller, desk: TheDesk, no: str, frames: Frames) -> Response:
    """What one frame is worth; nothing of it is kept, and without the person's consent it is not even looked at."""
    try:
        may_be_enrolled(desk.hall.book(), no, today(desk.hall))
        report = desk.faces.judge_frame(frames[0].jpeg)
    except Refused as refused:
        return _refused(request, refused)
    words = [say(f"face.reason.{reason}", language_of(request)) for reason in report.reasons]
    return JSONResponse({"state": "good" if report.good else "bad", "words": words[0] if words else ""})


@router.post("/{no}/enrol", dependencies=[CheckedCall])
def enrol(request: Request, asker: Enroller, desk: TheDesk, no: str, frames: Frames, reason: Reason = "") -> Response:
    """The person's template, made of good frames; a reason enrols a face that looks like somebody else's."""
    override = unquote(reason).strip()[:300]
    try:
        made = desk.faces.enrol(no, [frame.jpeg for frame in frames], actor=asker.actor, override=override)
    except Refused as refused:
        return _refused(request, refused)
    return JSONResponse({"state": "enrolled", "words": _enrolled(made, request)})


def _enrolled(made: Enrolled, request: Request) -> str:
    language = language_of(request)
    if not made.resembles:
        return say("page.faces.say.saved", language)
    return say("page.faces.say.resembles", language, people=[other.no for other in made.resembles])


def _refused(request: Request, refused: Refused) -> Response:
    return JSONResponse(
        {"state": "refused", "code": refused.code, "words": refusal(refused, language_of(request))}, 422
    )


@router.post("/{no}/withdraw", dependencies=[CheckedForm])
def withdraw(request: Request, asker: Enroller, desk: TheDesk, no: str) -> Response:
    """The person takes the consent back; the template's key is destroyed at once."""
    try:
        consenting.withdraw(desk, no, asker.actor)
    except Refused as refused:
        return _person(request, desk, no, refused)
    return RedirectResponse(f"/faces/{no}#history", 303)


@router.post("/{no}/passcode", dependencies=[CheckedForm])
def give_passcode(
    request: Request, asker: Annotated[Asker, may(Action.GIVE_PASSCODE)], desk: TheDesk, no: str
) -> Response:
    """A new passcode, shown this once, for somebody who has none or forgot it."""
    desk.hall.decide(lambda draft: noted(draft, no=no, what="passcode_given"), asker.actor)
    return _person(request, desk, no, passcode=desk.passcodes.give(no))


@router.post("/{no}/passcode/take", dependencies=[CheckedForm])
def take_passcode(asker: Annotated[Asker, may(Action.GIVE_PASSCODE)], desk: TheDesk, no: str) -> Response:
    """Nobody clocks in by this passcode any more."""
    if desk.passcodes.take(no):
        desk.hall.decide(lambda draft: noted(draft, no=no, what="passcode_taken"), asker.actor)
    return RedirectResponse(f"/faces/{no}", 303)
