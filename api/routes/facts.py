"""The facts behind judgements, for programs."""

from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.auth import in_program
from api.problems import Problem
from api.routes.models import FactVersion
from api.routes.months import PROBLEMS, TheLedger, as_json

router = APIRouter(prefix="/api/v1", tags=["facts"], dependencies=[Depends(in_program)], responses=PROBLEMS)


@router.get("/facts/{fact_id}", response_model=list[FactVersion])
def fact(ledger: TheLedger, fact_id: UUID) -> Response:
    """Every version of a fact, oldest first, as the log holds it."""
    versions = ledger.evidence(str(fact_id))
    if not versions:
        raise Problem(404, "fact_unknown", id=fact_id)
    return as_json(versions)
