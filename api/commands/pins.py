"""`manqin terminals pins|assign|end-pin|withdraw-pin`: whose the PINs on a terminal are."""

from datetime import date, datetime
from typing import Any

import click

from api.commands.output import put_json, put_table, tell
from api.commands.place import Place, as_json, at_place
from api.text import language, say
from attendance import pins, terminals

DAY = click.DateTime(["%Y-%m-%d"])
ROW = click.option("--from", "start", type=DAY, help=say("command.terminals_pin_row", language()))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@click.command("pins", help=say("command.terminals_pins", language()))
@click.argument("sn")
@as_json
@at_place
def pins_(place: Place, sn: str, *, as_json: bool) -> None:
    with place.ledger() as ledger:
        book = ledger.hall.book()
        terminal = terminals.accepted(book.terminals, sn).terminal
        rows = [_row(entry.fact) for entry in book.pins.on(terminal)]
        unknown = ledger.unknown_punches(terminal)
    if as_json:
        put_json({"rows": rows, "unknown": unknown})
        return
    put_table([row["pin"], row["no"], row["from"], row["to"]] for row in rows)
    for one in unknown:
        tell(
            "command.terminals_pin_unknown",
            pin=one["pin"],
            n=one["punches"],
            first=one["first_at"],
            last=one["last_at"],
        )


def _row(fact: terminals.PinAssigned) -> dict[str, Any]:
    start, end = (str(day) if day else None for day in (fact.start, fact.end))
    return {"pin": fact.pin, "no": fact.no, "from": start, "to": end}


@click.command("assign", help=say("command.terminals_assign", language()))
@click.argument("sn")
@click.argument("pin")
@click.argument("no")
@click.option("--from", "start", type=DAY, help=say("command.terminals_assign_span", language()))
@click.option("--to", "end", type=DAY, help=say("command.terminals_assign_span", language()))
@at_place
def assign_(place: Place, sn: str, pin: str, no: str, start: datetime | None, end: datetime | None) -> None:
    with place.hall() as hall:
        hall.decide(
            lambda draft: pins.assign(draft, terminal=sn, pin=pin, no=no, start=_day(start), end=_day(end)), "office"
        )
    tell("command.terminals_assigned", sn=sn.upper(), pin=pin, no=no)


@click.command("end-pin", help=say("command.terminals_end_pin", language()))
@click.argument("sn")
@click.argument("pin")
@ROW
@click.option("--last", type=DAY, required=True, help=say("command.terminals_end_pin_last", language()))
@at_place
def end_pin_(place: Place, sn: str, pin: str, start: datetime | None, last: datetime) -> None:
    with place.hall() as hall:
        hall.decide(
            lambda draft: pins.finish(draft, terminal=sn, pin=pin, start=_day(start), last=last.date()), "office"
        )
    tell("command.terminals_pin_ended", sn=sn.upper(), pin=pin, last=last.date())


@click.command("withdraw-pin", help=say("command.terminals_withdraw_pin", language()))
@click.argument("sn")
@click.argument("pin")
@ROW
@at_place
def withdraw_pin_(place: Place, sn: str, pin: str, start: datetime | None) -> None:
    with place.hall() as hall:
        hall.decide(lambda draft: pins.withdraw(draft, terminal=sn, pin=pin, start=_day(start)), "office")
    tell("command.terminals_pin_withdrawn", sn=sn.upper(), pin=pin)


COMMANDS = (pins_, assign_, end_pin_, withdraw_pin_)
