"""The ways to clock in at a camera terminal. Every answer is a state for the page and words for the person."""

import secrets
from collections.abc import Callable
from time import monotonic
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from msgspec.structs import replace
from starlette.responses import JSONResponse, Response

from api.auth import address_of, door_of
from api.kiosk import entries, sightings, ways
from api.kiosk.desk import CHALLENGE_SECONDS, Challenge
from api.kiosk.frames import Frames
from api.kiosk.paired import FromTerminal, Paired
from api.kiosk.punching import Clocked, clock_in, just_clocked
from api.kiosk.shown import shown
from api.pages.frame import language_of
from api.problems import Problem
from api.settings import Language
from api.text import refusal, say
from attendance.facts import Refused
from attendance.recognition import Recognition
from devices.face.ports import Decision, Step

router = APIRouter(include_in_schema=False, prefix="/terminal")
Text = Annotated[str, Body(embed=True, max_length=200)]
Answer = dict[str, Any]


@router.post("/frames")
def look(request: Request, terminal: FromTerminal, frames: Frames, no: str = "") -> Response:
    """Who stands before the camera; with `no`, whether it is who they say."""
    return _told(request, lambda: _look(terminal, [frame.jpeg for frame in frames][:3], no, language_of(request)))


def _look(terminal: Paired, jpegs: list[bytes], no: str, language: Language) -> Answer:
    _keep_pace(terminal)
    if no:
        number = ways.counted(terminal, lambda: ways.person(terminal, no))
        decision = terminal.desk.faces.verify(number, jpegs)
    else:
        decision = terminal.desk.faces.identify(jpegs)
    if decision.verdict != "accepted":
        return _not_known(decision, language)
    if clocked := just_clocked(terminal.desk, terminal.sn, decision.no):
        return shown(terminal, clocked, language)
    if step := terminal.desk.faces.draw_step(terminal.pairing.challenge, no=decision.no):
        return _asked(terminal, decision, step, language)
    return _by_face(terminal, decision.no, decision.recognition, language)


def _keep_pace(terminal: Paired) -> None:
    if not terminal.desk.pace.allows(terminal.sn):
        raise Problem(429, "too_fast", {"Retry-After": "1"})


def _not_known(decision: Decision, language: Language) -> Answer:
    """Kindly what to do: never who it might be."""
    reasons = [say(f"face.reason.{reason}", language) for reason in decision.reasons]
    words = reasons[0] if reasons else say(f"kiosk.look.{decision.verdict}", language)
    return {"state": decision.verdict, "reasons": list(decision.reasons), "words": words}


def _asked(terminal: Paired, decision: Decision, step: Step, language: Language) -> Answer:
    token = secrets.token_urlsafe(16)
    until = monotonic() + CHALLENGE_SECONDS
    terminal.desk.keep_challenge(token, Challenge(terminal.sn, decision.no, step, decision.recognition, until))
    return {"state": "challenge", "step": step, "token": token, "words": say(f"kiosk.step.{step}", language)}


def _by_face(terminal: Paired, no: str, recognised: Recognition | None, language: Language) -> Answer:
    clocked = clock_in(terminal.desk, terminal.accepted, no, way="face", actor=terminal.actor, recognised=recognised)
    return shown(terminal, clocked, language)


@router.post("/challenge")
def challenge(request: Request, terminal: FromTerminal, frames: Frames, token: str) -> Response:
    """Whether somebody did what was asked, and was the same person all the while."""

    def judged() -> Answer:
        language = language_of(request)
        _keep_pace(terminal)
        asked = terminal.desk.take_challenge(token, terminal.sn)
        if asked is None:
            return {"state": "unclear", "reasons": [], "words": say("kiosk.look.too_late", language)}
        verdict = terminal.desk.faces.challenge(asked.step, frames, no=asked.no)
        if not verdict.passed:
            return _not_done(list(verdict.reasons), language)
        recognised = replace(asked.recognition, liveness=asked.step) if asked.recognition else None
        return _by_face(terminal, asked.no, recognised, language)

    return _told(request, judged)


def _not_done(reasons: list[str], language: Language) -> Answer:
    words = [say(f"face.reason.{reason}", language) for reason in reasons] or [say("kiosk.look.not_done", language)]
    return {"state": "not_done", "reasons": reasons, "words": words[0]}


@router.post("/passcode")
def passcode(request: Request, terminal: FromTerminal, no: Text, passcode: Text) -> Response:
    """A staff number and its passcode."""
    return _clocked(request, terminal, "passcode", lambda: ways.by_passcode(terminal, no, passcode))


@router.post("/ticket")
def ticket(request: Request, terminal: FromTerminal, ticket: Text) -> Response:
    """The code of a phone, as the terminal read it."""
    return _clocked(request, terminal, "ticket", lambda: ways.by_ticket(terminal, ticket))


@router.post("/figures")
def figures(request: Request, terminal: FromTerminal, no: Text, figures: Text) -> Response:
    """The figures under the phone's code, with the staff number."""
    return _clocked(request, terminal, "ticket", lambda: ways.by_figures(terminal, no, figures))


def _clocked(request: Request, terminal: Paired, way: Any, check: Callable[[], str]) -> Response:
    return _told(request, lambda: _kept(request, terminal, ways.counted(terminal, check), way))


def _kept(request: Request, terminal: Paired, no: str, way: Any) -> Answer:
    clocked: Clocked = clock_in(terminal.desk, terminal.accepted, no, way=way, actor=terminal.actor)
    return shown(terminal, clocked, language_of(request))


@router.post("/supervisor")
def supervisor(
    request: Request,
    terminal: FromTerminal,
    no: Text,
    name: Text,
    password: Text,
    code: Annotated[str, Body(embed=True)] = "",
) -> Response:
    """A supervisor vouches for somebody who stands there; the punch names both."""

    def vouched() -> Answer:
        door, address = door_of(request), address_of(request)
        number, account = ways.counted(
            terminal, lambda: ways.by_supervisor(terminal, door, address, name, password, code, no)
        )
        clocked = clock_in(terminal.desk, terminal.accepted, number, way="supervisor", actor=account.actor)
        return shown(terminal, clocked, language_of(request))

    return _told(request, vouched)


@router.post("/entries")
def settle(request: Request, terminal: FromTerminal, batch: Annotated[entries.Batch, entries.read_batch]) -> Response:
    """What was kept without the network: each entry is answered, and only then forgotten by the device."""
    language = language_of(request)
    settled = entries.settle(terminal, batch)
    return JSONResponse({"entries": [_settled(terminal, one, language) for one in settled]})


@router.post("/sightings")
def settle_sightings(
    request: Request, terminal: FromTerminal, batch: Annotated[sightings.Batch, sightings.read_batch]
) -> Response:
    """What a terminal that matches by itself has seen, now or while it had no network."""
    language = language_of(request)
    settled = sightings.settle(terminal, batch)
    return JSONResponse({"entries": [_settled(terminal, one, language) for one in settled]})


@router.post("/gallery")
def lend(request: Request, terminal: FromTerminal) -> Response:
    """Everybody's templates for a day, for a terminal the office allowed to match by itself."""
    return _told(request, lambda: sightings.lend(terminal))


def _settled(terminal: Paired, one: entries.Settled, language: Language) -> Answer:
    if isinstance(one.became, Refused):
        return {"id": one.id, "state": "set_aside", "words": refusal(one.became, language)}
    return {"id": one.id, **shown(terminal, one.became, language)}


def _told(request: Request, answer: Callable[[], Answer]) -> Response:
    """What happened, or why not; a refusal is an answer like any other here."""
    try:
        return JSONResponse(answer())
    except Refused as refused:
        state = UNABLE.get(refused.code, "refused")
        return JSONResponse({"state": state, "code": refused.code, "words": refusal(refused, language_of(request))})


UNABLE = {"faces_unavailable": "unavailable", "faces_busy": "busy"}
