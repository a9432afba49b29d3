"""The command line, `manqin` (contract 5.2). A command's module is imported when it is called, to start quickly."""

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from api.commands.place import Place
from api.text import language, refusal, say
from attendance.facts import Refused
from attendance.log.rows import LogDamaged, StorageDamaged, StorageFailed

COMMANDS = {
    "init": "hall",
    "load": "load",
    "import": "attlog",
    "days": "month",
    "month": "month",
    "rebuild": "hall",
    "serve": "server",
    "demo": "server",
    "terminal": "terminal",
    "terminals": "terminals",
    "jobs": "jobs",
    "accounts": "accounts",
    "password": "accounts",
    "review": "life",
    "publish": "life",
    "amend": "life",
    "bulletin": "bulletin",
    "verify": "later",
}


FAILURES: dict[type[Exception], str] = {
    StorageDamaged: "refused.storage_damaged",
    StorageFailed: "refused.storage_failed",
    LogDamaged: "refused.log_damaged",
    PermissionError: "refused.not_permitted",
}
"""What the machine may fail at, and the sentence for it."""


class Sentence(click.ClickException):
    """Why nothing was done, for a person to read; exit 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=True)


class Commands(click.Group):
    """The commands by name. What the hall refuses ends as a sentence and exit 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"api.commands.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name}_")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, from the catalogue: click would import every command for its help."""
        with formatter.section(say("command.section", language())):
            formatter.write_dl([(name, say(f"command.{name}", language())) for name in COMMANDS])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refused:
            raise Sentence(refusal(refused, language())) from refused
        except tuple(FAILURES) as failed:
            key = next(key for kind, key in FAILURES.items() if isinstance(failed, kind))
            raise Sentence(say(key, language(), problem=failed)) from failed


@click.group(cls=Commands, help=say("command.manqin", language()))
@click.option("--data", type=click.Path(path_type=Path), envvar="MANQIN_DATA", help=say("command.data", language()))
@click.option("--store", envvar="MANQIN_STORE", default="sqlite", help=say("command.store", language()))
@click.pass_context
def main(ctx: click.Context, data: Path | None, store: str) -> None:
    ctx.obj = Place(data, store)
