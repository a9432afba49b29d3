"""What went wrong, said so that a clerk understands it: RFC 9457 problem details for programs, a page for people."""

import logging
import sqlite3
from http import HTTPStatus
from urllib.parse import urlencode

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse, Response

from api.pages.frame import language_of, page
from api.text import refusal, say
from attendance.facts import Refused
from attendance.log import database
from attendance.log.rows import StorageFailed

logger = logging.getLogger("manqin")

PROBLEM_JSON = "application/problem+json"
REFUSED_STATUS = {
    "sign_in_wrong": 401,
    "account_locked": 423,
    "code_wrong": 401,
    "no_policy": 409,
    "calendar_year_unknown": 409,
}
"""Of refusals; any other is 422: understood, and against the hall's rules."""
BY_STATUS = {404: "page_unknown", 405: "method_wrong", 413: "too_large", 429: "too_many_tries"}


class Problem(Exception):
    """A request that gets no answer but a reason. `problem.<code>` in the catalogues is its sentence."""

    def __init__(self, status: int, code: str, headers: dict[str, str] | None = None, **details: object) -> None:
        super().__init__(code)
        self.status, self.code, self.details = status, code, details
        self.headers = headers or {}


FOR_PROGRAMS = 'Basic realm="manqin", charset="UTF-8"'
FOR_SCRIPTS = 'Session realm="manqin"'
"""What a page's own script is told: for the other a browser would put up a window of its own and ask for a password."""


class SignInNeeded(Problem):
    """Nobody is signed in. A page sends the person to sign in and back."""

    def __init__(self) -> None:
        super().__init__(401, "sign_in_needed", {"WWW-Authenticate": FOR_PROGRAMS})


class Detour(Problem):
    """Something is owed first: a code, a new password. A page sends the person there."""

    def __init__(self, location: str, code: str) -> None:
        super().__init__(403, code)
        self.location = location


def handle_problems(app: FastAPI) -> None:
    """Let every failure of a route end in a sentence."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(Refused, _on_refused)
    app.add_exception_handler(RequestValidationError, _on_wrong_request)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(StorageFailed, _on_storage)
    # The log's SQLite may be another build than Python's own, with errors of its own.
    for driver in (sqlite3, database.sqlite3):
        app.add_exception_handler(driver.OperationalError, _on_storage)
    app.add_exception_handler(ClientDisconnect, _on_gone)
    app.add_exception_handler(Exception, _on_surprise)


def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    if isinstance(error, SignInNeeded) and not _is_program(request):
        return RedirectResponse(f"/sign-in?{urlencode({'next': _asked(request)})}", 303)
    if isinstance(error, Detour) and not _is_program(request):
        return RedirectResponse(error.location, 303)
    sentence = say(f"problem.{error.code}", language_of(request), **error.details)
    in_browser = isinstance(error, SignInNeeded) and "sec-fetch-mode" in request.headers
    headers = error.headers | ({"WWW-Authenticate": FOR_SCRIPTS} if in_browser else {})
    return answer(request, error.status, error.code, sentence, headers)


def _on_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    status = REFUSED_STATUS.get(error.code, 422)
    return answer(request, status, error.code, refusal(error, language_of(request)), column=error.column)


def _on_wrong_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    where = ", ".join(str(fault["loc"][-1]) for fault in error.errors())
    sentence = say("problem.request_wrong", language_of(request), where=where)
    return answer(request, 422, "request_wrong", sentence, column=where)


def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = BY_STATUS.get(error.status_code, "request_refused")
    return answer(request, error.status_code, code, say(f"problem.{code}", language_of(request)), error.headers)


def _on_storage(request: Request, error: Exception) -> Response:
    logger.error("storage failed: %s", error)
    return answer(request, 503, "storage_failed", say("problem.storage_failed", language_of(request)))


def _on_gone(_request: Request, _error: Exception) -> Response:
    # A tablet whose network broke off in the middle of a photo sends it again; nobody hears this answer.
    return Response(status_code=400)


def _on_surprise(request: Request, _error: Exception) -> Response:
    # Starlette passes the error on to the server, which logs it with its traceback.
    return answer(request, 500, "surprise", say("problem.surprise", language_of(request)))


def answer(
    request: Request, status: int, code: str, sentence: str, headers: object = None, *, column: str | None = None
) -> Response:
    """The problem in the form the asker reads."""
    given = dict(headers) if isinstance(headers, dict) else {}
    if not _is_program(request):
        return page(request, "problem.html", {"status": status, "sentence": sentence}, status=status, headers=given)
    body = {
        "type": f"urn:manqin:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "instance": request.url.path,
        "code": code,
    }
    if column:
        body["column"] = column
    return Response(msgspec.json.encode(body), status, given, PROBLEM_JSON)


def _is_program(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _asked(request: Request) -> str:
    if request.method != "GET":
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
