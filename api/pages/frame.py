"""What every page has around it: language, texts, the person signed in, and the template engine."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api.accounts import Account
from api.forms import form_token
from api.pages import dates
from api.pages.browsers import browser_text
from api.roles import Action, Scope
from api.settings import LANGUAGES, Language, Settings
from api.text import refusal, say
from attendance.facts import Refused

HERE = Path(__file__).parent
LANGUAGE = "manqin_lang"
A_YEAR = 31_536_000

templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
templates.filters["browser"] = browser_text


def language_of(request: Request) -> Language:
    """The language asked for now, or chosen before in this browser, or the hall's."""
    settings: Settings = request.app.state.settings
    wishes = (request.query_params.get("lang"), request.cookies.get(LANGUAGE))
    return next((language for wish in wishes for language in LANGUAGES if language == wish), settings.language)


def page(
    request: Request,
    template: str,
    content: Mapping[str, object],
    *,
    refused: Refused | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A whole page. `refused` is why the last form on it was: the page says so, as `trouble`, and its status too."""
    language = language_of(request)
    trouble = {"trouble": refusal(refused, language)} if refused else {}
    html = templates.get_template(template).render(_frame(request, language) | trouble, **content)
    response = HTMLResponse(html, 422 if refused else status, headers)
    if request.query_params.get("lang") == language:
        response.set_cookie(LANGUAGE, language, max_age=A_YEAR, samesite="lax", httponly=True)
    return response


def _frame(request: Request, language: Language) -> dict[str, object]:
    other: Language = "en" if language == "zh" else "zh"
    query = {**request.query_params, "lang": other}
    account: Account | None = getattr(request.state, "account", None)
    return {
        "account": account,
        "can": lambda action: account is not None and account.scope(Action(action)) is not None,
        "csrf": form_token(request),
        "day": partial(dates.day_text, language=language),
        "in_other_language": f"{request.url.path}?{urlencode(query)}",
        "language": language,
        "month_text": partial(dates.month_text, language=language),
        "other": other,
        "path": request.url.path,
        "shows_months": account is not None and _shows_months(account),
        "t": partial(_words, language),
        "trouble": "",
        "when": partial(dates.when_text, language=language),
    }


def _shows_months(account: Account) -> bool:
    """Whether the lists of a month have somebody in them for this account."""
    scope = account.scope(Action.SEE_MONTH)
    return scope is not None and (scope > Scope.OWN or bool(account.no))


def _words(language: Language, key: str, /, **details: object) -> str:
    return say(f"page.{key}", language, **details)
