"""`manqin import attlog|sheet FILE --terminal SN`: what comes as a file."""

from pathlib import Path

import click

from api.commands.output import put_json, tell
from api.commands.place import Place, as_json, at_place
from api.imports.attlog import import_attlog
from api.imports.clocking import SheetReport, import_sheet
from api.text import language, say
from attendance import known


@click.group("import", help=say("command.import", language()))
def import_() -> None:
    pass


@import_.command("attlog", help=say("command.attlog", language()))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--terminal", required=True, help=say("command.attlog_terminal", language()))
@as_json
@at_place
def attlog_(place: Place, file: Path, terminal: str, *, as_json: bool) -> None:
    with place.hall() as hall:
        counts = import_attlog(hall, file, known.terminal(hall.book(), terminal.strip()))
    told = {"accepted": counts.accepted, "repeated": counts.repeated, "quarantined": counts.quarantined}
    tell("command.attlog_done", **told)
    if as_json:
        put_json(told)


@import_.command("sheet", help=say("command.sheet", language()))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--terminal", required=True, help=say("command.sheet_terminal", language()))
@as_json
@at_place
def sheet_(place: Place, file: Path, terminal: str, *, as_json: bool) -> None:
    with place.hall() as hall:
        report = import_sheet(hall, file, terminal.strip())
    _tell(report)
    if as_json:
        put_json(report.json(language()))


def _tell(report: SheetReport) -> None:
    """The counts, then every refused row on a line of its own."""
    form = say(f"command.sheet_form_{report.form}", language())
    told = {"form": form, "edited": report.edited, "empty": report.empty, **report.counts._asdict()}
    tell("command.sheet_done", **told)
    for row in report.refused:
        click.echo(row.sentence(language()), err=True)
    if report.refused:
        tell("load.refused", count=len(report.refused))
