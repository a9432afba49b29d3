"""Every part that pages are made of, in one place: whoever builds a page takes from here."""

from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.auth import may
from api.given import TheHall
from api.pages.frame import language_of, page
from api.pages.life_view import STATES, StateStep
from api.pages.words import Words
from api.roles import Action
from api.settings import Language
from api.text import say

router = APIRouter(include_in_schema=False)

COLOURS = ("ink", "muted", "seal", "link", "bad", "late", "excused", "line", "desk", "rest-paper", "adjusted-paper")
SAMPLE_MONTH = "2026-10"


class Colour(NamedTuple):
    name: str
    use: str


@router.get("/design", dependencies=[may(Action.SEE_DESIGN)])
def design(request: Request, hall: TheHall) -> Response:
    """Layout, tables, forms, dialogs, states, symbols, print: each as it looks, with what it is for."""
    language, book = language_of(request), hall.book()
    policy = book.policies.in_force(SAMPLE_MONTH)
    content = {
        "colours": [Colour(name, say(f"page.design.colour.{name}", language)) for name in COLOURS],
        "legend": Words(language, policy, book).legend(),
        "bar": [_step(number, name, language) for number, name in enumerate(STATES)],
    }
    return page(request, "design.html", content)


def _step(number: int, name: str, language: Language) -> StateStep:
    return StateStep(name, say(f"page.state.{name}", language), number <= 1, number == 1, "")
