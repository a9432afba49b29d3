"""The inspector's page: installed on a tablet, it starts without a network. What it does is in `static/patrol`."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.auth import may
from api.pages.frame import templates
from api.pages.installable import ICONS, MANIFEST, Installable
from api.roles import Action
from api.settings import LANGUAGES, Language, Settings
from api.text import catalogue, say

router = APIRouter(include_in_schema=False, dependencies=[may(Action.PATROL)])

PAGE = Installable(
    name="patrol",
    path="/patrol",
    parts=(
        *("patrol/*.js", "patrol/views/*.js", "patrol/*.css"),
        *("database.js", "outbox.js", "sealing.js", "sender.js", "update.js", "seal.svg", "seal-*.png"),
    ),
)
WORDS = "page.tablet."


@router.get("/patrol")
def tablet(request: Request) -> Response:
    return Response(_shell(_hall_language(request)), media_type="text/html")


@router.get("/patrol/sw.js")
def worker(request: Request) -> Response:
    """What keeps the page on the tablet: the page itself and both languages' words, beside the files on the disk."""
    made = {f"/patrol/words.{language}.json": _words(language) for language in LANGUAGES}
    return PAGE.worker(made | {"/patrol": _shell(_hall_language(request)).encode()})


@router.get("/patrol/words.{language}.json")
def words(language: Annotated[Language, Path()]) -> Response:
    return Response(_words(language), media_type="application/json")


@router.get("/patrol/manifest.webmanifest")
def manifest(request: Request) -> Response:
    """What the tablet's system calls the page, and the picture it shows for it."""
    language = _hall_language(request)
    told = {
        "id": PAGE.path,
        "name": say(f"{WORDS}title", language),
        "short_name": say(f"{WORDS}heading", language),
        "lang": "zh-CN" if language == "zh" else "en",
        "start_url": PAGE.path,
        "scope": PAGE.path,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#7d1013",
        "icons": ICONS,
    }
    return Response(msgspec.json.encode(told), media_type=MANIFEST)


def _hall_language(request: Request) -> Language:
    """The page is one for all who use the tablet; each chooses their language on it."""
    settings: Settings = request.app.state.settings
    return settings.language


def _shell(language: Language) -> str:
    told = {name: say(f"{WORDS}{name}", language) for name in ("title", "opening")}
    return templates.get_template("tablet.html").render(language=language, **told)


def _words(language: Language) -> bytes:
    sentences = catalogue(language)
    return msgspec.json.encode({key.removeprefix(WORDS): sentences[key] for key in sentences if key.startswith(WORDS)})
