"""`manqin days` and `manqin month`."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from api.commands.hall import policy_text
from api.commands.output import put_json, put_table
from api.commands.place import Place, as_json, at_place
from api.text import language, say
from attendance.policy import read_policy

MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])")


class Month(click.ParamType[str]):
    name = "YYYY-MM"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not MONTH.fullmatch(value):
            self.fail(say("refused.month_wrong", language(), month=value), param, ctx)
        return value


class AsOf(click.ParamType[int | datetime]):
    """A position of the log, or a moment."""

    name = "POSITION|TIME"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int | datetime:
        if value.isdecimal():
            return int(value)
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.fail(say("refused.as_of_wrong", language(), value=value), param, ctx)


@click.command("days", help=say("command.days", language()))
@click.argument("month", type=Month())
@click.option("--staff", metavar="NO", help=say("command.days_staff", language()))
@as_json
@at_place
def days_(place: Place, month: str, staff: str | None, *, as_json: bool) -> None:
    with place.ledger() as ledger:
        days = ledger.days(month, staff)
    if as_json:
        put_json(days)
    else:
        put_table(_day_line(day) for day in days)


def _day_line(day: dict[str, Any]) -> list[str]:
    sessions = [f"{session['session']} {session['symbol']}" for session in day["sessions"]]
    return [day["date"], day["no"], day["name"], day["window"], *sessions]


@click.command("month", help=say("command.month", language()))
@click.argument("month", type=Month())
@click.option("--as-of", type=AsOf(), help=say("command.month_as_of", language()))
@click.option("--policy", type=click.Path(path_type=Path), help=say("command.month_policy", language()))
@as_json
@at_place
def month_(place: Place, month: str, as_of: int | datetime | None, policy: Path | None, *, as_json: bool) -> None:
    other = read_policy(policy_text(policy)) if policy else None
    with place.ledger() as ledger:
        told = ledger.month(month, as_of=as_of, policy=other)
    if as_json:
        put_json(told)
    else:
        put_table(_month_lines(told))


def _month_lines(told: dict[str, Any]) -> list[list[object]]:
    ranked = [[row["rank"], row["no"], row["name"], row["window"], row["score"]] for row in told["ranking"]]
    full = [[row["no"], row["name"], row["window"]] for row in told["full_attendance"]]
    late = [[row["date"], row["session"], row["no"], row["name"], row["minutes"]] for row in told["lateness"]]
    lists: list[tuple[str, list[list[object]]]] = [("ranking", ranked), ("full_attendance", full), ("lateness", late)]
    lines: list[list[object]] = []
    for name, rows in lists:
        lines += [[say(f"command.month_{name}", language(), month=told["month"], count=len(rows))], *rows]
    return lines
