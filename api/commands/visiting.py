"""`manqin terminals pull|clock|people|listen`: what the hall does at terminals that it calls itself."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from api.commands.output import put_json, put_table, tell
from api.commands.place import Place, as_json, at_place
from api.text import language, say
from attendance.facts import Refused

if TYPE_CHECKING:
    from devices.calling import Line

PASSWORD = "MANQIN_TERMINAL_PASSWORD"  # noqa: S105 - the name of the variable
DRIFT_ALERT = 60
"""Seconds (protocols: alert when terminal and hall differ by more)."""


def to_terminal(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take what it needs to call a terminal."""
    sn = click.argument("sn")
    url = click.option("--url", required=True, metavar="http://…", help=say("command.terminals_url", language()))
    user = click.option("--user", default="admin", help=say("command.terminals_user", language()))
    return sn(url(user(at_place(command))))


def line_to(url: str, user: str) -> "Line":
    """The way to a terminal. The password comes from the environment or the keyboard, and is kept nowhere."""
    from devices.calling import Line, plain_url

    plain_url(url)
    password = os.environ.get(PASSWORD)
    if password is None:
        password = click.prompt(say("command.terminals_password", language()), hide_input=True, err=True)
    return Line(url, user, password)


@click.command("pull", help=say("command.terminals_pull", language()))
@as_json
@to_terminal
def pull_(place: Place, sn: str, url: str, user: str, *, as_json: bool) -> None:
    from api.doors.visiting import pull

    line = line_to(url, user)
    with place.hall() as hall:
        pulled = pull(hall, sn, line)
    if as_json:
        put_json(pulled._asdict())
    tell("command.terminals_pulled", sn=sn.upper(), **pulled._asdict())


@click.command("clock", help=say("command.terminals_clock", language()))
@click.option("--set", "sets", is_flag=True, help=say("command.terminals_clock_set", language()))
@to_terminal
def clock_(place: Place, sn: str, url: str, user: str, *, sets: bool) -> None:
    from api.doors.visiting import behind, set_clock, visiting

    line = line_to(url, user)
    with place.hall() as hall:
        if sets:
            before, after = set_clock(hall, sn, line)
            tell("command.terminals_clock_done", sn=sn.upper(), before=before, after=after)
            return
        with visiting(hall, sn, line) as (terminal, visit):
            seconds = behind(terminal, visit)
    if seconds is None:
        raise Refused("no_clock", "sn", sn=sn.upper())
    state = "wrong" if abs(seconds) > DRIFT_ALERT else "right"
    tell(f"command.terminals_clock_{state}", sn=sn.upper(), seconds=seconds)


@click.command("people", help=say("command.terminals_people", language()))
@to_terminal
def people_(place: Place, sn: str, url: str, user: str) -> None:
    from api.doors.visiting import carry_people

    line = line_to(url, user)
    with place.hall() as hall:
        carried = carry_people(hall, sn, line)
    words = {done: say(f"command.terminals_person_{done}", language()) for done in ("put", "removed", "refused")}
    for deed, receipt in carried:
        put_table([[receipt.pin, words[deed if receipt.applied else "refused"], receipt.answer]])
    applied = sum(receipt.applied for _, receipt in carried)
    tell("command.terminals_people_done", sn=sn.upper(), applied=applied, refused=len(carried) - applied)


@click.command("listen", help=say("command.terminals_listen", language()))
@click.option("--here", required=True, metavar="http://…", help=say("command.terminals_here", language()))
@to_terminal
def listen_(place: Place, sn: str, url: str, user: str, here: str) -> None:
    """The old secret opens until the terminal has taken the new one."""
    from api.doors.listening import let_post

    line = line_to(url, user)
    with place.hall() as hall:
        slot = let_post(hall, sn, line, here)
    tell("command.terminals_listening", sn=sn.upper(), slot=slot)
