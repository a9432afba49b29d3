"""What to type into a terminal of each make, and whether it has called."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.auth import Asker, CheckedForm, may
from api.certificates import own_names
from api.doors.contacts import Contact, contacts_of
from api.doors.secrets import PATHS, TerminalSecrets
from api.pages.dates import moment_text
from api.pages.frame import language_of, page
from api.problems import Problem
from api.roles import Action
from api.routes.terminals import TheHall, zone_of
from api.settings import Language, Settings
from api.text import catalogue, say
from attendance.hall import Hall
from attendance.terminals import accepted

router = APIRouter(include_in_schema=False, prefix="/connect")
MAKES = ("zkteco", "hikvision", "dahua")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
MOST_CALLS = 20
JUST_NOW = timedelta(minutes=2)


@router.get("", dependencies=[may(Action.SEE_TERMINALS)])
def connect(request: Request, hall: TheHall) -> Response:
    return _page(request, hall)


@router.post("/{sn}/secret", dependencies=[CheckedForm])
def give_secret(
    request: Request, _asker: Annotated[Asker, may(Action.ACCEPT_TERMINAL)], hall: TheHall, sn: str
) -> Response:
    """A new secret path for a terminal, shown this once; the old one is void from now on."""
    terminal = accepted(hall.book().terminals, sn)
    if terminal.family not in PATHS:
        raise Problem(422, "no_secret_path", sn=terminal.terminal)
    secrets = TerminalSecrets(hall.folder.keys, hall.id)
    path = secrets.path(terminal.family, secrets.renew(terminal.terminal))
    return _page(request, hall, Given(terminal.terminal, terminal.family, path))


class Given(NamedTuple):
    """A secret path that was made just now."""

    terminal: str
    family: str
    path: str


class Call(NamedTuple):
    """A terminal that called."""

    terminal: str
    family: str
    address: str
    at: str
    state: str
    is_good: bool


def _page(request: Request, hall: Hall, given: Given | None = None) -> Response:
    language, book = language_of(request), hall.book()
    addresses = addresses_of(request.app.state.settings)
    port = request.app.state.terminals_port
    shown = {"address": addresses[0] if addresses else "—", "port": port}
    known = [row.fact for row in book.terminals.accepted]
    content = {
        "addresses": addresses,
        "port": port,
        "given": given,
        "makes": [(make, steps_of(make, language, shown)) for make in MAKES],
        "by_secret": {make: [one for one in known if one.family == make] for make in MAKES},
        "calls": [_call(hall, contact, language) for contact in reversed(contacts_of(hall).all()[-MOST_CALLS:])],
    }
    return page(request, "connect.html", content)


def addresses_of(settings: Settings) -> list[str]:
    """The addresses at which terminals in the network find this computer."""
    if settings.host not in EVERYWHERE:
        return [settings.host]
    return [name for name in own_names() if _is_reachable(name)]


def _is_reachable(name: str) -> bool:
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return isinstance(address, IPv4Address) and not address.is_loopback and not address.is_link_local


def steps_of(make: str, language: Language, shown: dict[str, object]) -> list[str]:
    """The menus of a make, one after another; the catalogue numbers them."""
    keys = (f"page.connect.{make}_{number}" for number in range(1, 10))
    return [say(key, language, **shown) for key in keys if key in catalogue(language)]


def _call(hall: Hall, contact: Contact, language: Language) -> Call:
    terminals = hall.book().terminals
    known = terminals.known(contact.terminal)
    waiting = next((row.fact for row in terminals.waiting() if row.fact.terminal == contact.terminal), None)
    family = known.family if known else waiting.family if waiting else ""
    state = contact.refused or ("fine" if datetime.now(UTC) - contact.at < JUST_NOW else "earlier")
    key = f"page.connect.state_{state}"
    text = say(key if key in catalogue(language) else "page.connect.state_other", language)
    at = moment_text(contact.at, language, zone_of(hall))
    return Call(contact.terminal, family, contact.address, at, text, not contact.refused)
