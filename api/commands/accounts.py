"""`manqin accounts` and `manqin password`: for whoever runs the machine, when nobody else can get in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from api.commands.output import put_json, tell
from api.commands.place import Place, as_json, at_place
from api.roles import Role
from api.text import language, say

if TYPE_CHECKING:
    from api.accounts import Accounts
    from attendance.hall import Hall

ACTOR = "office"
ADMINISTRATOR = "admin"
role_option = click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help=say("command.accounts_role", language()),
)
no_option = click.option("--staff", "no", default="", help=say("command.accounts_staff", language()))
unit_option = click.option("--unit", default="", help=say("command.accounts_unit", language()))
reason_option = click.option("--reason", default="", help=say("command.accounts_reason", language()))


@contextmanager
def opened(place: Place) -> "Iterator[tuple[Hall, Accounts]]":
    """The hall with its accounts. The first ones are made when there are none yet, and their passwords told."""
    from api.account_office import make_first
    from api.app import open_accounts
    from api.settings import Settings

    with place.hall() as hall:
        accounts = open_accounts(Settings.of(os.environ, data=place.data))
        try:
            for name, password in make_first(hall, accounts).items():
                tell("serve.first_sign_in", name=name, password=password, what=say(f"serve.account.{name}", language()))
            yield hall, accounts
        finally:
            accounts.close()


@click.command("password", help=say("command.password", language()))
@click.argument("name", default=ADMINISTRATOR)
@at_place
def password_(place: Place, name: str) -> None:
    from api import account_office

    with opened(place) as (hall, accounts):
        password = account_office.reset_password(hall, accounts, ACTOR, name)
    tell("command.password_done", name=name, password=password)


@click.group("accounts", help=say("command.accounts", language()))
def accounts_() -> None:
    pass


@accounts_.command("list", help=say("command.accounts_list", language()))
@as_json
@at_place
def list_(place: Place, *, as_json: bool) -> None:
    with opened(place) as (_, accounts):
        found = accounts.all()
    if as_json:
        put_json(
            [
                {"name": one.name, "roles": sorted(one.roles), "no": one.no, "unit": one.unit, "disabled": one.disabled}
                for one in found
            ]
        )
        return
    for one in found:
        link = " ".join(part for part in (one.no, one.unit) if part)
        state = say("command.accounts_disabled", language()) if one.disabled else ""
        click.echo("\t".join([one.name, ",".join(sorted(one.roles)), link, state]).rstrip())


@accounts_.command("add", help=say("command.accounts_add", language()))
@click.argument("name")
@role_option
@no_option
@unit_option
@reason_option
@at_place
def add_(place: Place, name: str, roles: tuple[str, ...], no: str, unit: str, reason: str) -> None:
    from api import account_office

    with opened(place) as (hall, accounts):
        wanted = account_office.NewAccount(name, roles, no, unit)
        password = account_office.make(hall, accounts, ACTOR, wanted, reason)
    tell("command.password_done", name=name, password=password)


@accounts_.command("alter", help=say("command.accounts_alter", language()))
@click.argument("name")
@role_option
@no_option
@unit_option
@click.option("--disable", "disabled", is_flag=True, help=say("command.accounts_disable", language()))
@reason_option
@at_place
def alter_(place: Place, name: str, roles: tuple[str, ...], no: str, unit: str, *, disabled: bool, reason: str) -> None:
    from api import account_office

    with opened(place) as (hall, accounts):
        wanted = account_office.NewAccount(name, roles, no, unit, disabled=disabled)
        account_office.alter(hall, accounts, ACTOR, wanted, reason)
    tell("command.accounts_altered", name=name)


@accounts_.command("reset-second-factor", help=say("command.accounts_reset_second_factor", language()))
@click.argument("name")
@at_place
def reset_second_factor_(place: Place, name: str) -> None:
    from api import account_office

    with opened(place) as (hall, accounts):
        account_office.reset_second_factor(hall, accounts, ACTOR, name)
    tell("command.accounts_altered", name=name)
