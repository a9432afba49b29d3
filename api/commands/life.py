"""`manqin review`, `publish` and `amend`: the life of a month."""

from typing import Any

import click

from api.commands.month import Month
from api.commands.output import put_json, tell
from api.commands.place import Place, as_json, at_place
from api.text import language, say

ACTOR = "office"
reason_option = click.option("--reason", default="", help=say("command.life_reason", language()))
number_option = click.option("--number", default="", help=say("command.life_number", language()))


@click.command("review", help=say("command.review", language()))
@click.argument("month", type=Month())
@as_json
@at_place
def review_(place: Place, month: str, *, as_json: bool) -> None:
    from api import office

    with place.ledger() as ledger:
        review = office.open_review(ledger.hall, ledger, month, ACTOR)
        doubts = office.unsettled(ledger, month)
    tell("command.review_opened", month=month, deadline=review.deadline, position=review.position)
    _tell_doubts(doubts)
    if as_json:
        told = {"month": month, "state": "in_review", "deadline": str(review.deadline), "position": review.position}
        put_json({**told, "completeness": doubts})


@click.command("publish", help=say("command.publish", language()))
@click.argument("month", type=Month())
@number_option
@reason_option
@as_json
@at_place
def publish_(place: Place, month: str, number: str, reason: str, *, as_json: bool) -> None:
    from api import office

    with place.ledger() as ledger:
        _tell_doubts(office.unsettled(ledger, month))
        published = office.publish(ledger.hall, ledger, month, ACTOR, number=number, reason=reason)
    tell("command.published_done", month=month, number=published.number, position=published.position)
    if as_json:
        told = {"month": month, "state": "published", "number": published.number, "position": published.position}
        put_json(told)


@click.command("amend", help=say("command.amend", language()))
@click.argument("month", type=Month())
@number_option
@reason_option
@as_json
@at_place
def amend_(place: Place, month: str, number: str, reason: str, *, as_json: bool) -> None:
    from api import office

    with place.ledger() as ledger:
        amended = office.amend(ledger.hall, ledger, month, ACTOR, reason=reason, number=number)
    changes = len(amended.changes)
    tell("command.amended_done", month=month, number=amended.number, changes=changes)
    if as_json:
        told = {"month": month, "state": "amended", "number": amended.number, "position": amended.position}
        put_json({**told, "changes": list(amended.changes)})


def _tell_doubts(doubts: list[dict[str, Any]]) -> None:
    """Each unsettled thing on a line of its own, before anything is shown or published."""
    for doubt in doubts:
        details = {"subject": doubt["subject"], "since": doubt["since"] or "", **doubt["detail"]}
        tell(f"question.{doubt['kind']}", **details)
