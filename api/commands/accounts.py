"""`manqin password`: a way in for whoever lost theirs, from the machine the hall lies on."""

import os

import click

from api.accounts import ADMINISTRATOR
from api.commands.output import tell
from api.commands.place import Place, at_place
from api.text import language, say


@click.command("password", help=say("command.password", language()))
@click.argument("name", default=ADMINISTRATOR)
@at_place
def password_(place: Place, name: str) -> None:
    from api.app import open_accounts
    from api.settings import Settings

    with place.hall():
        accounts = open_accounts(Settings.of(os.environ, data=place.data))
    try:
        accounts.make_administrator()
        tell("command.password_done", name=name, password=accounts.reset_password(name))
    finally:
        accounts.close()
