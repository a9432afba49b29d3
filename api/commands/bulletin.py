"""`manqin bulletin`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.commands.month import Month
from api.commands.output import tell
from api.commands.place import Place, at_place
from api.text import language, say
from attendance.facts import Refused

if TYPE_CHECKING:
    from api.documents.source import Edition

OFFICE = "office"


@click.command("bulletin", help=say("command.bulletin", language()))
@click.argument("month", type=Month())
@click.option("--out", type=click.Path(path_type=Path), required=True, help=say("command.bulletin_out", language()))
@click.option(
    "--edition",
    type=click.Choice(["internal", "public"]),
    default="internal",
    help=say("command.bulletin_edition", language()),
)
@click.option("--style", default="", metavar="NAME", help=say("command.bulletin_style", language()))
@click.option("--unit", default="", metavar="UNIT", help=say("command.bulletin_unit", language()))
@click.option("--reason", default="", metavar="TEXT", help=say("command.bulletin_reason", language()))
@at_place
def bulletin_(place: Place, month: str, out: Path, edition: "Edition", style: str, unit: str, reason: str) -> None:
    from api.documents.making import Asked, format_of, make

    asked = Asked(month, format_of(out.suffix), edition, style, unit, reason)
    with place.ledger() as ledger:
        made = make(ledger, asked, OFFICE)
    _write(out, made.content)
    for remark in made.remarks:
        click.echo(remark, err=True)
    tell("command.bulletin_done", file=out)


def _write(out: Path, content: bytes) -> None:
    """Raises Refused where the file cannot be written."""
    try:
        out.write_bytes(content)
    except OSError as error:
        raise Refused("file_unwritable", "out", file=out, problem=error.strerror) from error
