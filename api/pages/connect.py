"""What to type into a terminal of each make, and whether it has called."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from api.auth import Asker, CheckedForm, may
from api.certificates import own_names
from api.doors.contacts import Contact, contacts_of
from api.doors.secrets import TerminalSecrets
from api.given import TheHall, zone_of
from api.pages.dates import moment_text
from api.pages.frame import language_of, page
from api.roles import Action
from api.settings import Language, Settings
from api.text import catalogue, say
from attendance.facts import Refused
from attendance.hall import Draft, Hall
from attendance.terminals import accept, accepted, serial

router = APIRouter(include_in_schema=False, prefix="/connect")
MAKES = ("zkteco", "hikvision", "dahua")
BY_SECRET = ("hikvision", "dahua")
"""Makes whose terminals call at their secret path alone, so that they never stand on the waiting list."""
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
MOST_CALLS = 20
JUST_NOW = timedelta(minutes=2)


@router.get("", dependencies=[may(Action.SEE_TERMINALS)])
def connect(request: Request, hall: TheHall) -> Response:
    return _page(request, hall)


@router.post("/terminals", dependencies=[CheckedForm])
def add_terminal(
    request: Request,
    asker: Annotated[Asker, may(Action.ACCEPT_TERMINAL)],
    hall: TheHall,
    family: Annotated[str, Form(max_length=20)],
    sn: Annotated[str, Form(max_length=60)] = "",
    name: Annotated[str, Form(max_length=60)] = "",
    zone: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Register a terminal that cannot call before it knows its secret path, and show that path."""
    try:
        if family not in BY_SECRET:
            raise Refused("unknown_family", "family", family=family)
        hall.decide(lambda draft: accept_new(draft, sn=sn, family=family, name=name, zone=zone), asker.actor)
    except Refused as refused:
        return _page(request, hall, refused=refused)
    return _page(request, hall, _given(hall, sn))


def accept_new(draft: Draft, *, sn: str, family: str, name: str, zone: str) -> None:
    """Raises Refused for a terminal that is registered already: its make and zone are changed on its own page."""
    if draft.book.terminals.known(serial(sn)):
        raise Refused("terminal_there", "sn", sn=serial(sn))
    accept(draft, sn=sn, family=family, name=name, zone=zone)


class Given(NamedTuple):
    """A secret path that was made just now."""

    terminal: str
    path: str


def _given(hall: Hall, sn: str) -> Given:
    terminal = accepted(hall.book().terminals, sn)
    secrets = TerminalSecrets(hall.folder.keys, hall.id)
    return Given(terminal.terminal, secrets.path(terminal.family, secrets.renew(terminal.terminal)))


class Call(NamedTuple):
    """A terminal that called."""

    terminal: str
    family: str
    address: str
    at: str
    state: str
    is_good: bool


def _page(request: Request, hall: Hall, given: Given | None = None, refused: Refused | None = None) -> Response:
    language, book = language_of(request), hall.book()
    addresses = addresses_of(request.app.state.settings)
    port = request.app.state.terminals_port
    shown = {"address": addresses[0] if addresses else "—", "port": port}
    known = [row.fact for row in book.terminals.accepted]
    content = {
        "addresses": addresses,
        "port": port,
        "only_here": is_loopback(addresses),
        "given": given,
        "by_make": MAKES,
        "makes": [(make, steps_of(make, language, shown)) for make in MAKES],
        "by_secret": {make: [one for one in known if one.family == make] for make in BY_SECRET},
        "calls": [_call(hall, contact, language) for contact in reversed(contacts_of(hall).all()[-MOST_CALLS:])],
    }
    return page(request, "connect.html", content, refused=refused)


def addresses_of(settings: Settings) -> list[str]:
    """The addresses at which terminals in the network find this computer."""
    if settings.host not in EVERYWHERE:
        return [settings.host]
    return [name for name in own_names() if _is_reachable(name)]


def is_loopback(addresses: list[str]) -> bool:
    """Whether nobody but this computer itself can call."""
    return addresses == ["127.0.0.1"]


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
