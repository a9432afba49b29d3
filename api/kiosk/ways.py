"""The ways to clock in without a face: a passcode, a ticket of one's phone, a supervisor. Each proves who it is."""

from collections.abc import Callable
from datetime import UTC, datetime
from time import time
from typing import TypeVar

from api.accounts import Account
from api.auth import Door
from api.kiosk.paired import Paired
from api.kiosk.passcodes import WAY_OUT
from api.problems import Problem
from api.roles import Action
from attendance.facts import Refused
from attendance.passcodes import noted

T = TypeVar("T")


def person(terminal: Paired, typed: str) -> str:
    """The staff number meant. Raises Refused in words that do not tell a wrong number from a wrong passcode."""
    no = terminal.desk.hall.book().people.resolve(typed.strip())
    if no is None:
        raise Refused("passcode_wrong", "passcode")
    return no


def by_passcode(terminal: Paired, typed: str, passcode: str, at: float | None = None) -> str:
    """The person a number and a passcode belong to; `at` for what was typed earlier (seconds since 1970)."""
    no = person(terminal, typed)
    try:
        terminal.desk.passcodes.check(no, passcode, terminal.sn, at)
    except Refused as refused:
        if refused.details.get("first"):
            note = {"no": no, "what": "passcode_locked", "terminal": terminal.sn}
            terminal.desk.hall.decide(lambda draft: noted(draft, **note), terminal.actor)
        raise
    return no


def by_ticket(terminal: Paired, text: str, at: float | None = None) -> str:
    """The person whose phone shows a ticket."""
    no = terminal.desk.tickets.holder(text, time() if at is None else at)
    if not terminal.desk.hall.book().people.known(no):
        raise Refused("ticket_unknown", "ticket")
    return no


def by_figures(terminal: Paired, typed: str, figures: str, at: float | None = None) -> str:
    """The person whose phone shows these figures under its code."""
    no = person(terminal, typed)
    if not terminal.desk.tickets.fits(no, figures, time() if at is None else at):
        raise Refused("ticket_wrong", "figures")
    return no


def by_supervisor(
    terminal: Paired, door: Door, address: str, name: str, password: str, code: str, typed: str
) -> tuple[str, Account]:
    """The person a supervisor vouches for, and the supervisor. Raises Refused, or Problem as signing in does."""
    account = door.check(address, name.strip(), password)
    if account.second_factor:
        door.check_second_factor(address, account, code)
    if account.must_change or door.needs_second_factor(account) or account.scope(Action.SIGN_FOR) is None:
        raise Refused("may_not_sign_for", "name")
    no = terminal.desk.hall.book().people.resolve(typed.strip())
    if no is None:
        raise Refused("person_unknown", "no", no=typed.strip()[:20])
    door.note("signed_for", account, address)
    return no, account


def counted(terminal: Paired, check: Callable[[], T]) -> T:
    """A check whose failures count against the terminal. Raises Problem when there were too many."""
    wrong = terminal.desk.wrong
    if wait := wrong.wait(terminal.sn):
        raise Problem(429, "too_many_tries", {"Retry-After": str(wait)}, minutes=-(-wait // 60))
    try:
        return check()
    except Refused:
        wrong.count(terminal.sn)
        raise


def let_out(terminal: Paired, code: str) -> None:
    """Check the code that lets an administrator out of the terminal. Raises Refused for another, Problem after many."""
    try:
        counted(terminal, lambda: terminal.desk.passcodes.check(WAY_OUT + terminal.sn, code, terminal.sn))
    except Refused as refused:
        raise Refused("way_out_wrong", "code") if refused.code == "passcode_wrong" else refused from None


def now() -> datetime:
    return datetime.now(UTC)
