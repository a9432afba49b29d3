"""`manqin terminals place|suspend|resume|replace|orders|again`: what becomes of an accepted terminal."""

from datetime import datetime
from typing import Any

import click

from api.commands.output import put_json, put_table, tell
from api.commands.place import Place, as_json, at_place
from api.text import language, say
from attendance import carriage, register, terminals
from attendance.carriage import FAILED, Order
from attendance.hall import Draft

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("place", help=say("command.terminals_place", language()))
@click.argument("sn")
@click.option("--name", help=say("command.terminals_place_name", language()))
@click.option("--zone", metavar="+08:00", help=say("command.terminals_accept_zone", language()))
@click.option("--place", "where", help=say("command.terminals_place_where", language()))
@click.option("--window", "windows", multiple=True, help=say("command.terminals_place_window", language()))
@click.option("--everybody", is_flag=True, help=say("command.terminals_place_everybody", language()))
@click.option("--consent", "consent_rule", type=click.Choice(register.CONSENT_RULES))
@click.option("--by-hand/--carried", "by_hand", default=None, help=say("command.terminals_place_by_hand", language()))
@click.option("--encoding", type=click.Choice(register.ENCODINGS))
@at_place
def place_(place: Place, sn: str, name: str | None, zone: str | None, **told: Any) -> None:
    """What is not given stays as it is."""

    def decision(draft: Draft) -> None:
        terminal = terminals.accepted(draft.book.terminals, sn)
        register.describe(draft, sn=sn, name=terminal.name if name is None else name, zone=zone or "")
        register.place(draft, sn=sn, **_placing(draft, terminal.terminal, told))

    with place.hall() as hall:
        hall.decide(decision, "office")
    tell("command.terminals_placed", sn=terminals.serial(sn))


def _placing(draft: Draft, sn: str, told: dict[str, Any]) -> dict[str, Any]:
    before = draft.book.terminals.placing(sn)
    windows = () if told["everybody"] else told["windows"] or before.windows
    kept = {name: getattr(before, name) for name in ("consent_rule", "by_hand", "encoding")}
    given = {name: told[name] for name in kept if told[name] is not None}
    where = before.place if told["where"] is None else told["where"]
    return {"place": where, "windows": windows, **kept, **given}


@click.command("suspend", help=say("command.terminals_suspend", language()))
@click.argument("sn")
@click.option("--reason", required=True, help=say("command.terminals_suspend_reason", language()))
@at_place
def suspend_(place: Place, sn: str, reason: str) -> None:
    with place.hall() as hall:
        hall.decide(lambda draft: register.suspend(draft, sn=sn, reason=reason), "office")
    tell("command.terminals_suspended", sn=terminals.serial(sn))


@click.command("resume", help=say("command.terminals_resume", language()))
@click.argument("sn")
@at_place
def resume_(place: Place, sn: str) -> None:
    with place.hall() as hall:
        hall.decide(lambda draft: register.resume(draft, sn=sn), "office")
    tell("command.terminals_resumed", sn=terminals.serial(sn))


@click.command("replace", help=say("command.terminals_replace", language()))
@click.argument("sn")
@click.argument("successor")
@click.option("--from", "start", type=DAY, required=True, help=say("command.terminals_replace_from", language()))
@click.option("--yes", "sure", is_flag=True, help=say("command.terminals_replace_yes", language()))
@at_place
def replace_(place: Place, sn: str, successor: str, start: datetime, sure: bool) -> None:
    day = start.date()
    with place.hall() as hall:
        terminals.accepted(hall.book().terminals, sn)
        asked = say("command.terminals_replace_sure", language(), sn=sn.upper(), successor=successor.upper(), start=day)
        if not sure:
            click.confirm(asked, abort=True, err=True)
        hall.decide(lambda draft: register.replace(draft, sn=sn, successor=successor, start=day), "office")
    tell("command.terminals_replaced", sn=terminals.serial(sn), successor=terminals.serial(successor), start=day)


@click.command("orders", help=say("command.terminals_orders", language()))
@click.argument("sn", required=False, default="")
@as_json
@at_place
def orders_(place: Place, sn: str, *, as_json: bool) -> None:
    with place.hall() as hall:
        book = hall.book()
        chosen = [terminals.accepted(book.terminals, sn)] if sn else [one.fact for one in book.terminals.accepted]
        rows = [_row(order) for one in chosen for order in book.carriage.of(one.terminal) if _is_of_interest(order)]
    if as_json:
        put_json(rows)
        return
    for row in rows:
        state = say(f"page.carriage.state.{row['state']}", language())
        deed = say(f"page.carriage.deed.{row['deed']}", language())
        put_table(
            [[row["terminal"], row["number"], deed, row["pin"], row["no"], state, row["attempts"], row["answer"]]]
        )


def _is_of_interest(order: Order) -> bool:
    return order.is_open or order.state in FAILED


def _row(order: Order) -> dict[str, Any]:
    fact = order.fact
    answer = order.receipts[-1].fact.answer if order.receipts else ""
    told = {name: getattr(fact, name) for name in ("terminal", "number", "deed", "pin", "no")}
    return {**told, "state": order.state, "attempts": order.attempts, "answer": answer}


@click.command("again", help=say("command.terminals_again", language()))
@click.argument("sn")
@click.argument("number", type=int)
@at_place
def again_(place: Place, sn: str, number: int) -> None:
    with place.hall() as hall:
        given = hall.decide(lambda draft: carriage.again(draft, sn=sn, number=number), "office")
    tell("command.terminals_again_done", sn=given.terminal, number=given.number)


COMMANDS = (place_, suspend_, resume_, replace_, orders_, again_)
