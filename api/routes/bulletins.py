"""A month's documents for programs and browsers. Each one that is handed out is an event of the log."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.auth import Asker, may
from api.documents.making import MEDIA_TYPES, Asked, Format, make
from api.documents.source import Edition
from api.given import MonthName, TheLedger
from api.problems import Problem
from api.roles import Action, Scope
from api.routes.months import PROBLEMS

LONGEST_REASON = 500

FILES: dict[str, dict[str, object]] = {
    kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()
}

router = APIRouter(prefix="/api/v1", tags=["months"], responses=PROBLEMS)
Exporter = Annotated[Asker, may(Action.EXPORT)]


@router.get("/months/{month}/bulletin", response_class=Response, responses={200: {"content": FILES}})
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
    unit = within_reach(exporter, edition, unit)
    made = make(ledger, Asked(month, format, edition, style, unit, reason), exporter.actor)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"}
    return Response(made.content, media_type=made.media_type, headers=headers)


def within_reach(exporter: Asker, edition: Edition, unit: str = "") -> str:
    """The unit to which a document is limited: a unit's contact takes out that unit's sheet, and what is public anyway.

    Raises Problem for any other unit.
    """
    if exporter.scope is Scope.ALL or (edition == "public" and not unit):
        return unit
    own = exporter.account.unit
    if not own or unit not in ("", own):
        raise Problem(403, "not_yours")
    return own
