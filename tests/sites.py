"""A hall that is open to browsers and programs, with one month in it, and ways to speak to it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from ssl import SSLContext, create_default_context
from typing import Any

import httpx
from halls import POLICY, do, register_a_small_hall

from api.account_office import NewAccount, make, make_first
from api.accounts import ADMINISTRATOR, Origin
from api.certificates import ALWAYS, Identity, make_authority
from api.identity import AUTHORITY
from api.server import Server
from api.settings import Settings
from attendance import leave, patrol, relief, terminals
from attendance.hall import Hall
from attendance.log.files import write_once
from attendance.punches import Punched, ReadingQuarantined

MONTH = "2026-03"
"""22 workdays, no holiday; the 2nd is a Monday."""
HOST = "hall.example"
"""The name by which browsers come: not this machine's own."""
MORNING_ON, NOON_OFF, NOON_ON, EVENING_OFF = time(8, 50), time(12, 5), time(13, 20), time(17, 10)
LATE = {("102", date(2026, 3, 4)): time(9, 9), ("102", date(2026, 3, 25)): time(9, 4)}
RELIEVED = date(2026, 3, 12)
EXAMPLES = {
    "month": MONTH,
    "no": "102",
    "fact_id": "00000000-0000-5000-8000-000000000000",
    "sn": "B777",
    "run": "00000000-0000-5000-8000-000000000000",
    "number": "1",
    "name": "nobody",
    "objection": "nobody",
    "section": "opening",
    "language": "zh",
    "sha256": "0" * 64,
    "word": "nobody",
}
"""Something for every place of a route's path."""
WAITING = "B777"


def punched(pin: str, moment: datetime) -> Punched:
    raw = f"{pin}\t{moment}\t1\t15\t0\t0"
    return Punched(terminal="A001", pin=pin, at=moment, verify="15", status="1", raw=raw)


def fill_a_month(hall: Hall) -> None:
    """Something of everything.

    钱桐雅 (0101) keeps every session but is relieved on the 12th, by 李若茗, who is late; 孙可岚 (102) is late twice,
    and an inspector sees her with a telephone; PIN 7777 is nobody's; a line is set aside; terminal B777 waits.
    """
    days = [day for number in range(1, 32) if (day := date(2026, 3, number)).weekday() < 5]
    usual = (MORNING_ON, NOON_OFF, NOON_ON, EVENING_OFF)
    facts = []
    for pin in ("101", "102"):
        for day in days:
            if (pin, day) == ("101", RELIEVED):
                continue
            first = LATE.get((pin, day), MORNING_ON)
            facts += [punched(pin, datetime.combine(day, at)) for at in (first, *usual[1:])]
    facts += [punched("9001", datetime.combine(RELIEVED, at)) for at in (time(9, 7), *usual[1:])]
    facts.append(punched("7777", datetime(2026, 3, 3, 8, 59)))
    hall.receive(facts, "terminal:A001")
    hall.receive(
        [ReadingQuarantined(terminal="A001", reason="malformed", table="ATTLOG", raw="谁\t?", sha256="0" * 64)],
        "terminal:A001",
    )
    whole_day = {"start": datetime.combine(RELIEVED, time()), "end": datetime.combine(RELIEVED + timedelta(1), time())}
    do(hall, leave.approve, no="0101", type="official", reason="外出开会", **whole_day)
    do(hall, relief.arrange, window="税务窗口", relief_no="9001", regular_no="0101", **whole_day)
    do(
        hall,
        patrol.note,
        seen_at=datetime(2026, 3, 13, 10, 20),
        code="phone",
        window="公安窗口",
        no="102",
        finding="F1",
    )
    hall.decide(
        lambda draft: terminals.note_call(draft, sn=WAITING, family="zkteco", address="10.0.0.9"), "terminal:B777"
    )


class Site:
    """An open hall."""

    def __init__(self, server: Server, address: str, passwords: dict[str, str]) -> None:
        self.server, self.address, self.passwords = server, address, passwords
        self.password = passwords[ADMINISTRATOR]

    @property
    def hall(self) -> Hall:
        return self.server.hall

    @property
    def named_address(self) -> str:
        """The people's address by name, as a browser elsewhere in the hall would write it."""
        return self.address.replace("127.0.0.1", HOST)

    def stranger(self) -> httpx.Client:
        """A browser that has not signed in."""
        return httpx.Client(base_url=self.address, timeout=30, verify=trusting())

    def account(self, name: str, *roles: str, **linked: str) -> str:
        """An account with these roles, made when it is first asked for, whose password is its owner's; its name."""
        if name not in self.passwords:
            wanted = NewAccount(name, roles, **linked)
            self.passwords[name] = make(self.hall, self.server.accounts, "office", wanted, origin=Origin.OWN)
        return name

    @contextmanager
    def browser(self, name: str = ADMINISTRATOR) -> Iterator[httpx.Client]:
        """A browser in which somebody has signed in."""
        with self.stranger() as client:
            answer = sign_in(client, self.passwords[name], name=name)
            assert answer.status_code == 303, answer.text
            yield client

    def program(self, name: str = ADMINISTRATOR) -> httpx.Client:
        """A program that sends name and password with every request."""
        return httpx.Client(base_url=self.address, auth=(name, self.passwords[name]), timeout=30, verify=trusting())


@cache
def authority() -> Identity:
    """One authority for every hall of a test run: a browser is told once whom to trust."""
    return make_authority("Manqin tests", [*ALWAYS, HOST], datetime.now(UTC))


@cache
def trusting() -> SSLContext:
    """Trusts that authority and no other."""
    return create_default_context(cadata=authority().shown())


def form_token(client: httpx.Client, path: str = "/sign-in") -> str:
    """The token of the first form of a page."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', client.get(path).text)
    assert found, f"no form on {path}"
    return found.group(1)


def sign_in(client: httpx.Client, password: str, **fields: Any) -> httpx.Response:
    form = {"csrf": form_token(client), "name": ADMINISTRATOR, "password": password, **fields}
    return client.post("/sign-in", data=form)


@contextmanager
def site_opened(folder: Path, policy: str = POLICY, **settings: Any) -> Iterator[Site]:
    """A hall with a month, open on a free port while the block runs."""
    hall = Hall.found(folder / "hall", policy)
    register_a_small_hall(hall)
    fill_a_month(hall)
    write_once(hall.folder.keys / AUTHORITY, authority().pem())
    hall.close()
    server = Server(Settings(data=folder / "hall", host="127.0.0.1", port=0, names=(HOST,), **settings))
    passwords = make_first(server.hall, server.accounts, Origin.OWN)
    with server.running() as address:
        yield Site(server, address, passwords)
