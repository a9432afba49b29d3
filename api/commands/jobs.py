"""`manqin jobs`: what the server does by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

import click

from api.commands.output import put_json, put_table, tell
from api.commands.place import Place, as_json, at_place
from api.text import language, say
from attendance.facts import Refused

if TYPE_CHECKING:
    from api.jobs.board import Board, Standing


@click.group("jobs", help=say("command.jobs", language()))
def jobs_() -> None:
    pass


@contextmanager
def _board(place: Place) -> "Iterator[Board]":
    from api.jobs.board import Board
    from api.jobs.job import House
    from api.jobs.list import JOBS
    from api.settings import Settings

    with place.ledger() as ledger:
        settings = Settings(data=place.data, store=place.store)
        yield Board(House(ledger.hall, ledger, settings, Event()), JOBS)


@jobs_.command("list", help=say("command.jobs_list", language()))
@as_json
@at_place
def list_(place: Place, *, as_json: bool) -> None:
    from api.jobs.words import result_text

    with _board(place) as board:
        standings = board.standings()
    if as_json:
        put_json([_told(one) for one in standings])
        return
    for one in standings:
        began = f"{one.record.began_at.astimezone():%Y-%m-%d %H:%M:%S}" if one.record else ""
        put_table([[one.job.name, began, result_text(one.job.name, one.record, language(), running=one.running)]])


def _told(one: "Standing") -> dict[str, object]:
    record = one.record._asdict() if one.record else {}
    moments = {name: value.isoformat() for name in ("began_at", "done_at") if (value := record.get(name))}
    return {"name": one.job.name, "running": one.running, **record, **moments}


@jobs_.command("run", help=say("command.jobs_run", language()))
@click.argument("name")
@at_place
def run_(place: Place, name: str) -> None:
    """Exit 1 with the reason when the job failed."""
    from api.jobs.words import result_text

    with _board(place) as board:
        standing = next((one for one in board.standings() if one.job.name == name), None)
        if standing is None:
            raise Refused("job_unknown", "name", name=name)
        ended = board.run(name)
        after = next(one for one in board.standings() if one.job.name == name)
    title = say(f"job.{name}.title", language())
    if ended is None:
        tell("command.jobs_busy", title=title)
        return
    result = result_text(name, after.record, language(), running=False)
    if ended.outcome != "done":
        raise click.ClickException(result)
    tell("command.jobs_done", title=title, result=result)
