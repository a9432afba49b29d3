"""Punches that come as a file: looked at first, then taken in by the same code as `manqin import`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from api.auth import Asker, CheckedForm, may
from api.given import TheHall, TheLedger
from api.imports.punch_file import FAMILIES, MOST_SHOWN, Line, Preview, preview, take_in
from api.imports.report import RefusedRow, column_name
from api.pages.frame import language_of, page
from api.roles import Action
from api.settings import Language
from api.text import catalogue, refusal, say
from api.uploads import ON_DISK, Upload, Uploads
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.terminals import accept
from projections.ownership import owner

router = APIRouter(include_in_schema=False, prefix="/uploads")
Importer = Annotated[Asker, may(Action.IMPORT_PUNCHES)]
SOURCES = ("dingtalk", "wecom", "zktime")
"""Systems that never call: registered here, since no terminal of theirs will stand on the waiting list."""
MOST_PINS = 40


def uploads_of(request: Request) -> Uploads:
    uploads: Uploads = request.app.state.uploads
    return uploads


@router.get("")
def uploads(request: Request, _importer: Importer, hall: TheHall) -> Response:
    return _form(request, hall)


def _form(request: Request, hall: Hall, refused: Refused | None = None) -> Response:
    """The page on which a file is chosen, with why the last one was refused."""
    terminals = [row.fact for row in hall.book().terminals.accepted if row.fact.family in FAMILIES]
    content = {
        "terminals": sorted(terminals, key=lambda one: (FAMILIES.index(one.family), one.terminal)),
        "sources": SOURCES,
    }
    return page(request, "uploads.html", content, refused=refused)


@router.post("", dependencies=[CheckedForm])
def look(
    request: Request,
    importer: Importer,
    hall: TheHall,
    terminal: Annotated[str, Form(max_length=60)] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """What a file says; nothing of it is taken in yet."""
    try:
        if file is None or not file.filename:
            raise Refused("upload_missing", "file")
        if not terminal.strip():
            raise Refused("upload_for_nobody", "terminal")
        desk, whose = uploads_of(request), importer.actor
        word = desk.add(file.filename, file.file.read(), terminal, whose)
        upload = desk.look(word, whose)
        with _named(upload), upload.on_disk() as path:
            seen = preview(hall, path, terminal)
    except Refused as refused:
        return _form(request, hall, refused)
    return page(request, "upload.html", _shown(hall, seen, upload, language_of(request)) | {"word": word})


@router.post("/sources", dependencies=[CheckedForm])
def add_source(
    request: Request,
    asker: Annotated[Asker, may(Action.ACCEPT_TERMINAL)],
    hall: TheHall,
    family: Annotated[str, Form(max_length=20)],
    name: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Register a system whose punches come as sheets alone, under a number of the hall's own."""
    if family not in SOURCES:
        return _form(request, hall, Refused("unknown_family", "family", family=family))
    taken = sum(row.fact.family == family for row in hall.book().terminals.accepted)
    sn = f"{family.upper()}-{taken + 1}"
    hall.decide(lambda draft: accept(draft, sn=sn, family=family, name=name), asker.actor)
    return RedirectResponse("/uploads", 303)


@router.post("/{word}", dependencies=[CheckedForm])
def take(request: Request, importer: Importer, hall: TheHall, ledger: TheLedger, word: str) -> Response:
    """Take in the file that was looked at."""
    language = language_of(request)
    try:
        upload = uploads_of(request).take(word, importer.actor)
        with _named(upload), upload.on_disk() as path:
            report = take_in(hall, path, upload.terminal, importer.actor)
    except Refused as refused:
        return _form(request, hall, refused)
    ledger.follow()
    content = {
        "file": upload.name,
        "terminal": upload.terminal,
        "form": say(f"command.sheet_form_{report.form}", language),
        "report": report,
        "refused": [_refused(row, language) for row in report.refused[:MOST_SHOWN]],
        "refused_count": len(report.refused),
    }
    return page(request, "upload_done.html", content)


@contextmanager
def _named(upload: Upload) -> Iterator[None]:
    """A refusal speaks of the file as its owner calls it."""
    try:
        yield
    except Refused as refused:
        if refused.details.get("file") == ON_DISK:
            refused.details["file"] = upload.name
        raise


class ShownLine(NamedTuple):
    """A punch as the page shows it."""

    place: str
    pin: str
    name: str
    at: str
    edited: str


def _shown(hall: Hall, seen: Preview, upload: Upload, language: Language) -> dict[str, Any]:
    book = hall.book()
    known = book.terminals.known(upload.terminal.strip().upper())
    unknown = sorted(
        pin for pin in seen.pins if not book.pins.rows(upload.terminal, pin) and not book.people.resolve(pin)
    )
    return {
        "file": upload.name,
        "terminal": known,
        "form": say(f"command.sheet_form_{seen.kind}", language),
        "seen": seen,
        "columns": [(one, say(f"page.upload.column_{one.taken_for or 'none'}", language)) for one in seen.columns],
        "lines": [_line(hall, upload.terminal, line, language) for line in seen.shown],
        "edited": [_line(hall, upload.terminal, line, language) for line in seen.edited_lines],
        "aside": [(_reason(reason, language), line) for reason, line in seen.aside],
        "refused": [_refused(row, language) for row in seen.refused[:MOST_SHOWN]],
        "refused_count": len(seen.refused),
        "unknown": unknown[:MOST_PINS],
        "unknown_count": len(unknown),
    }


def _line(hall: Hall, terminal: str, line: Line, language: Language) -> ShownLine:
    book = hall.book()
    no = owner(book, terminal, line.pin, date.fromisoformat(line.at[:10]).toordinal())
    postings = book.people.postings(no) if no else []
    name = (hall.opened(postings[-1].fact.name) or "") if postings else ""
    edited = say(f"page.value.edited.{line.edited}", language) if line.edited else ""
    return ShownLine(line.place, line.pin, name, line.at, edited)


def _reason(reason: str, language: Language) -> str:
    key = f"page.quarantined.{reason}"
    return say(key, language) if key in catalogue(language) else reason


def _refused(row: RefusedRow, language: Language) -> tuple[int | None, str, str]:
    """Row, column and reason of a row that was not understood."""
    column = column_name(row.problem.column, language) if row.problem.column else ""
    return row.row, column, refusal(row.problem, language)
