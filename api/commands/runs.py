"""`manqin terminals runs|accept-run|dismiss-run`: readings of a wrong clock, decided run by run."""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import click

from api.commands.output import put_json, put_table, tell
from api.commands.place import Place, as_json, at_place
from api.text import language, say
from attendance import runs
from attendance.facts import Refused

if TYPE_CHECKING:
    from attendance.hall import Hall
    from attendance.runs import Run


@click.command("runs", help=say("command.terminals_runs", language()))
@as_json
@at_place
def runs_(place: Place, *, as_json: bool) -> None:
    with place.hall() as hall:
        waiting = hall.book().open_runs()
    told = [
        {
            "run": str(run.id),
            "terminal": run.terminal,
            "reason": run.reason,
            "readings": len(run.readings),
            "first": str(run.first),
            "last": str(run.last),
        }
        for run in waiting
    ]
    if as_json:
        put_json(told)
    else:
        put_table(list(row.values()) for row in told)


@click.command("accept-run", help=say("command.terminals_accept_run", language()))
@click.argument("run", type=click.UUID)
@click.option("--shift", default="", metavar="+9427d 3h", help=say("command.terminals_accept_run_shift", language()))
@click.option("--first-at", type=click.DateTime(), help=say("command.terminals_accept_run_first", language()))
@click.option("--reason", default="", help=say("command.terminals_accept_run_reason", language()))
@click.option("--sure", is_flag=True, help=say("command.terminals_accept_run_sure", language()))
@at_place
def accept_run_(place: Place, run: UUID, shift: str, first_at: datetime | None, reason: str, *, sure: bool) -> None:
    """Without --sure nothing is done: what it would be goes to standard error."""
    from api.pages.spans import shift_text

    with place.hall() as hall:
        found = _waiting(hall, run)
        move = _shift(found, shift, first_at)
        if not sure:
            _show(hall, found, move)
            return
        accept = partial(runs.accept, run=run, count=len(found.readings), shift=move, reason=reason)
        hall.decide(accept, "office")
    moved = shift_text(move, "en" if language() == "en" else "zh")
    tell("command.terminals_run_accepted", count=len(found.readings), shift=moved)


def _waiting(hall: "Hall", run: UUID) -> "Run":
    found = next((one for one in hall.book().open_runs() if one.id == run), None)
    if found is None:
        decided = str(run) in hall.book().runs.decided()
        raise Refused("run_decided" if decided else "run_unknown", "run", run=run)
    return found


def _shift(run: "Run", shift: str, first_at: datetime | None) -> timedelta:
    if first_at is not None:
        return first_at - run.first
    if not shift:
        raise Refused("shift_missing", "--shift")
    return runs.shift_of(shift)


def _show(hall: "Hall", run: "Run", shift: timedelta) -> None:
    from projections.runs import preview

    would = preview(hall, run, shift)
    tell(
        "command.terminals_run_preview",
        first=would.punches[0].punch.at,
        last=would.punches[-1].punch.at,
        punches=len(would.punches),
        people=would.people,
        unknown=would.unknown_pins,
        known=would.known,
    )


@click.command("dismiss-run", help=say("command.terminals_dismiss_run", language()))
@click.argument("run", type=click.UUID)
@click.option("--reason", required=True, help=say("command.terminals_dismiss_run_reason", language()))
@at_place
def dismiss_run_(place: Place, run: UUID, reason: str) -> None:
    with place.hall() as hall:
        count = len(_waiting(hall, run).readings)
        hall.decide(partial(runs.dismiss, run=run, count=count, reason=reason), "office")
    tell("command.terminals_run_dismissed", count=count)
