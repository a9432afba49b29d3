"""`manqin terminals reach`: how the hall calls a terminal by itself."""

import os

import click

from api.commands.output import tell
from api.commands.place import Place, at_place
from api.commands.visiting import PASSWORD
from api.text import language, say
from attendance.facts import Refused


@click.command("reach", help=say("command.terminals_reach", language()))
@click.argument("sn")
@click.option("--url", default="", metavar="http://…", help=say("command.terminals_url", language()))
@click.option("--user", default="admin", help=say("command.terminals_user", language()))
@click.option("--allow-basic", is_flag=True, help=say("command.terminals_allow_basic", language()))
@click.option("--forget", is_flag=True, help=say("command.terminals_reach_forget", language()))
@at_place
def reach_(place: Place, sn: str, url: str, user: str, *, allow_basic: bool, forget: bool) -> None:
    """The password comes from the environment or the keyboard, and is kept under the hall's key."""
    from api.doors.ways import Way, Ways
    from api.jobs.pulls import visits_of

    with place.hall() as hall:
        if forget:
            Ways(hall).forget(sn)
            tell("command.terminals_reach_forgotten", sn=sn.upper())
            return
        if not url:
            raise Refused("url_missing", "--url")
        Ways(hall).keep(sn, Way(url, user, _password(), allows_basic=allow_basic))
        visits_of(hall).hope_again(sn.upper())
    tell("command.terminals_reach_kept", sn=sn.upper())


def _password() -> str:
    given = os.environ.get(PASSWORD)
    if given is not None:
        return given
    asked: str = click.prompt(say("command.terminals_password", language()), hide_input=True, err=True)
    return asked
