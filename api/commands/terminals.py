"""`manqin terminals`: the register of clock-in terminals."""

from datetime import datetime
from time import time_ns

import click

from api.commands import pins, register
from api.commands.output import put_json, put_table, tell
from api.commands.place import Place, as_json, at_place
from api.commands.reaching import reach_
from api.commands.runs import accept_run_, dismiss_run_, runs_
from api.commands.visiting import clock_, follow_, listen_, listen_again_, people_, pull_
from api.text import language, say
from attendance import terminals
from attendance.questions import MATTERS, ask


@click.group("terminals", help=say("command.terminals", language()))
def terminals_() -> None:
    pass


@terminals_.command("list", help=say("command.terminals_list", language()))
@as_json
@at_place
def list_(place: Place, *, as_json: bool) -> None:
    with place.ledger() as ledger:
        listed = ledger.terminals()
    if as_json:
        put_json(listed)
        return
    for row in listed:
        state = say(f"command.terminal_{row['state']}", language())
        put_table([[row["sn"], state, row["family"], row["name"], row["address"], row["last_punch_at"]]])


@terminals_.command("accept", help=say("command.terminals_accept", language()))
@click.argument("sn")
@click.option("--family", default="", help=", ".join(terminals.FAMILIES))
@click.option("--zone", default="", metavar="+08:00", help=say("command.terminals_accept_zone", language()))
@click.option("--name", default="", help=say("command.terminals_accept_name", language()))
@at_place
def accept_(place: Place, sn: str, family: str, zone: str, name: str) -> None:
    with place.hall() as hall:
        hall.decide(lambda draft: terminals.accept(draft, sn=sn, family=family, zone=zone, name=name), "office")
    tell("command.terminals_accepted", sn=terminals.serial(sn))


@terminals_.command("secret", help=say("command.terminals_secret", language()))
@click.argument("sn")
@at_place
def secret_(place: Place, sn: str) -> None:
    """The secret itself goes to standard output alone, for whoever types it into the terminal."""
    from api.doors.secrets import TerminalSecrets

    with place.hall() as hall:
        terminal = terminals.accepted(hall.book().terminals, sn)
        secrets = TerminalSecrets(hall.folder.keys, hall.id)
        path = secrets.path(terminal.family, secrets.renew(terminal.terminal))
    tell("command.terminals_secret_done", sn=terminal.terminal)
    click.echo(path)


@terminals_.command("bind", help=say("command.terminals_bind", language()))
@click.argument("sn")
@click.argument("address")
@at_place
def bind_(place: Place, sn: str, address: str) -> None:
    with place.hall() as hall:
        hall.decide(lambda draft: terminals.bind(draft, sn=sn, address=address), "office")
    tell("command.terminals_bound", sn=terminals.serial(sn), address=terminals.plain_address(address))


@terminals_.command("ask", help=say("command.terminals_ask", language()))
@click.argument("sn")
@click.argument("matter", type=click.Choice(MATTERS))
@click.option("--from", "start", type=click.DateTime(), help=say("command.terminals_ask_span", language()))
@click.option("--to", "end", type=click.DateTime(), help=say("command.terminals_ask_span", language()))
@at_place
def ask_(place: Place, sn: str, matter: str, start: datetime | None, end: datetime | None) -> None:
    now = time_ns() // 1000
    with place.hall() as hall:
        hall.decide(lambda draft: ask(draft, sn=sn, matter=matter, now=now, start=start, end=end), "office")
    tell("command.terminals_asked", sn=terminals.serial(sn))


VISITING = (pull_, clock_, people_, listen_, listen_again_, follow_, reach_)
RUNS = (runs_, accept_run_, dismiss_run_)
for command in (*register.COMMANDS, *pins.COMMANDS, *VISITING, *RUNS):
    terminals_.add_command(command)
