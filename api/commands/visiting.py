"""`manqin terminals pull|clock|people|listen|listen-again|follow`: what the hall does at terminals that it calls."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from api.commands.output import put_json, put_table, tell
from api.commands.place import Place, as_json, at_place
from api.text import language, refusal, say
from attendance.facts import Refused

if TYPE_CHECKING:
    from devices.calling import Line

PASSWORD = "MANQIN_TERMINAL_PASSWORD"  # noqa: S105 - the name of the variable
Call = Callable[[], "Line"]
"""Makes a line to a terminal; each serves one visit."""


def to_terminal(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take what it needs to call a terminal, as a way to make a line to it."""

    @wraps(command)
    def calling(place: Place, sn: str, url: str, user: str, *, allow_basic: bool, **more: Any) -> Any:
        return command(place, sn, line_to(url, user, allows_basic=allow_basic), **more)

    sn = click.argument("sn")
    url = click.option("--url", required=True, metavar="http://…", help=say("command.terminals_url", language()))
    user = click.option("--user", default="admin", help=say("command.terminals_user", language()))
    basic = click.option("--allow-basic", is_flag=True, help=say("command.terminals_allow_basic", language()))
    return sn(url(user(basic(at_place(calling)))))


def line_to(url: str, user: str, *, allows_basic: bool = False) -> Call:
    """The way to a terminal. The password comes from the environment or the keyboard, and is kept nowhere."""
    from devices.calling import Line, plain_url

    plain_url(url)
    password = os.environ.get(PASSWORD)
    if password is None:
        password = click.prompt(say("command.terminals_password", language()), hide_input=True, err=True)
    return lambda: Line(url, user, password, allows_basic=allows_basic)


@click.command("pull", help=say("command.terminals_pull", language()))
@as_json
@to_terminal
def pull_(place: Place, sn: str, call: Call, *, as_json: bool) -> None:
    from api.doors.visiting import pull

    with place.hall() as hall:
        pulled = pull(hall, sn, call())
    if as_json:
        put_json(pulled._asdict())
    tell("command.terminals_pulled", sn=sn.upper(), **pulled._asdict())


@click.command("clock", help=say("command.terminals_clock", language()))
@click.option("--set", "sets", is_flag=True, help=say("command.terminals_clock_set", language()))
@to_terminal
def clock_(place: Place, sn: str, call: Call, *, sets: bool) -> None:
    from api.doors.visiting import behind, set_clock, visiting
    from api.jobs.watch import Watching

    with place.hall() as hall:
        if sets:
            before, after = set_clock(hall, sn, call())
            tell("command.terminals_clock_done", sn=sn.upper(), before=before, after=after)
            return
        with visiting(hall, sn, call()) as (terminal, visit):
            seconds = behind(terminal, visit)
        allowed = Watching(hall).skew.total_seconds()
    if seconds is None:
        raise Refused("no_clock", "sn", sn=sn.upper())
    state = "wrong" if abs(seconds) > allowed else "right"
    tell(f"command.terminals_clock_{state}", sn=sn.upper(), seconds=seconds)


@click.command("people", help=say("command.terminals_people", language()))
@to_terminal
def people_(place: Place, sn: str, call: Call) -> None:
    from api.doors.carrying import carry_people

    with place.hall() as hall:
        carried = carry_people(hall, sn, call())
    words = {done: say(f"command.terminals_person_{done}", language()) for done in ("put", "removed", "refused")}
    for deed, receipt in carried:
        put_table([[receipt.pin, words[deed if receipt.applied else "refused"], receipt.answer]])
    applied = sum(receipt.applied for _, receipt in carried)
    tell("command.terminals_people_done", sn=sn.upper(), applied=applied, refused=len(carried) - applied)


@click.command("listen", help=say("command.terminals_listen", language()))
@click.option("--here", required=True, metavar="http://…", help=say("command.terminals_here", language()))
@to_terminal
def listen_(place: Place, sn: str, call: Call, here: str) -> None:
    """The old secret opens until the terminal has taken the new one."""
    from api.doors.listening import let_post

    with place.hall() as hall:
        slot = let_post(hall, sn, call(), here)
    tell("command.terminals_listening", sn=sn.upper(), slot=slot)


@click.command("listen-again", help=say("command.terminals_listen_again", language()))
@to_terminal
def listen_again_(place: Place, sn: str, call: Call) -> None:
    from api.doors.listening import post_again

    with place.hall() as hall:
        slot = post_again(hall, sn, call())
    tell("command.terminals_listening_again", sn=sn.upper(), slot=slot)


@click.command("follow", help=say("command.terminals_follow", language()))
@to_terminal
def follow_(place: Place, sn: str, call: Call) -> None:
    """Runs until Ctrl-C; what it took in is stored by then."""
    from api.doors.following import Following

    def told(what: str, details: dict[str, object]) -> None:
        problem = details.get("problem")
        words = refusal(problem, language()) if isinstance(problem, Refused) else str(problem or "")
        tell(f"command.terminals_follow_{what}", sn=sn.upper(), **details | {"problem": words})

    with place.hall() as hall:
        with suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(_until_stopped(Following(hall, sn, call, told).run()))
        told("stopped", {})


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Let Ctrl-C and a service manager end the work, also while nothing comes: a signal between two instructions does
    not wake a loop that waits for its sockets, unless the loop itself listens for it."""
    task = asyncio.current_task()
    assert task is not None
    # Windows has no such handlers; there, Ctrl-C interrupts the waiting by itself.
    with suppress(NotImplementedError):
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, task.cancel)
    await work
