"""The interface's own description: for those who are signed in, like everything it describes."""

from typing import Any

from fastapi import APIRouter, Request

from api.auth import may
from api.roles import Action

router = APIRouter(prefix="/api/v1", include_in_schema=False, dependencies=[may(Action.SEE_INTERFACE)])


@router.get("/openapi.json")
def openapi(request: Request) -> dict[str, Any]:
    described: dict[str, Any] = request.app.openapi()
    return described
