"""A month's documents for programs and browsers. Each one that is handed out is an event of the log."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.auth import Asker, May
from api.documents.making import Asked, Format, make
from api.documents.source import Edition
from api.problems import Problem
from api.roles import Action, Scope
from api.routes.months import PROBLEMS, MonthName, TheLedger

LONGEST_REASON = 500

router = APIRouter(prefix="/api/v1", tags=["months"], responses=PROBLEMS)
Exporter = Annotated[Asker, Depends(May(Action.EXPORT))]


@router.get("/months/{month}/bulletin", response_class=Response)
def bulletin(
    exporter: Exporter,
    ledger: TheLedger,
    month: MonthName,
    format: Annotated[Format, Query()] = "pdf",
    edition: Annotated[Edition, Query()] = "internal",
    style: Annotated[str, Query(max_length=40)] = "",
    unit: Annotated[str, Query(max_length=100)] = "",
    reason: Annotated[str, Query(max_length=LONGEST_REASON)] = "",
) -> Response:
    """The bulletin, the workbook, or with `unit` one unit's sheet, as a file."""
    _check_reach(exporter, edition, unit)
    made = make(ledger, Asked(month, format, edition, style, unit, reason), exporter.actor)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"}
    return Response(made.content, media_type=made.media_type, headers=headers)


def _check_reach(exporter: Asker, edition: Edition, unit: str) -> None:
    """A unit's contact takes out the unit's own sheet, and what is public anyway."""
    if exporter.scope is not Scope.ALL and edition != "public" and (not unit or unit != exporter.account.unit):
        raise Problem(403, "not_yours")
