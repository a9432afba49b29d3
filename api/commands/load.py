"""`manqin load FOLDER`."""

from pathlib import Path

import click

from api.commands.output import padded, put_json, tell
from api.commands.place import Place, as_json, at_place
from api.imports.folder import load_folder
from api.imports.report import FileReport, LoadReport
from api.text import language, say

NAME_WIDTH, COUNT_WIDTH = 25, 7


@click.command("load", help=say("command.load", language()))
@click.argument("folder", type=click.Path(path_type=Path))
@as_json
@at_place
def load_(place: Place, folder: Path, *, as_json: bool) -> None:
    with place.hall() as hall:
        report = load_folder(hall, folder)
    _tell(report)
    if as_json:
        put_json(report.json(language()))


def _tell(report: LoadReport) -> None:
    """The counts of each file, then what was noted, then every refused row on a line of its own."""
    tell("load.head")
    for told in report.files:
        if told.outcomes or told.refused or not told.notes:  # else it was not read, as its note says
            click.echo(_line(told), err=True)
    for attlog in report.attlogs:
        tell("load.attlog", **attlog.json())
    for note in report.notes(language()):
        click.echo(note, err=True)
    refused = list(report.refused())
    for row in refused:
        click.echo(row.sentence(language()), err=True)
    if refused:
        tell("load.refused", count=len(refused))
    else:
        tell("load.done")


def _line(told: FileReport) -> str:
    counts = (told.outcomes["new"], told.outcomes["changed"], told.outcomes["repeated"], len(told.refused))
    new, changed, repeated, refused = (str(count).rjust(COUNT_WIDTH) for count in counts)
    return say(
        "load.file",
        language(),
        file=padded(told.file, NAME_WIDTH),
        new=new,
        changed=changed,
        repeated=repeated,
        refused=refused,
    )
