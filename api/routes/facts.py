"""The facts behind judgements, for programs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.auth import Asker, may
from api.given import TheLedger
from api.problems import Problem
from api.roles import Action
from api.routes.models import FactVersion
from api.routes.months import PROBLEMS, as_json
from api.sight import Sight

router = APIRouter(prefix="/api/v1", tags=["facts"], responses=PROBLEMS)


@router.get("/facts/{fact_id}", response_model=list[FactVersion])
def fact(asker: Annotated[Asker, may(Action.SEE_FACT)], ledger: TheLedger, fact_id: UUID) -> Response:
    """Every version of a fact, oldest first, as the log holds it."""
    versions = ledger.evidence(str(fact_id))
    if not versions:
        raise Problem(404, "fact_unknown", id=fact_id)
    book = ledger.hall.book()
    Sight.of(asker, book).check_fact(book, versions)
    return as_json(versions)
