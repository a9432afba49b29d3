"""The interface's own description: for those who are signed in, like everything it describes."""

from typing import Any

from fastapi import APIRouter, Depends, Request

from api.auth import in_program

router = APIRouter(prefix="/api/v1", include_in_schema=False, dependencies=[Depends(in_program)])


@router.get("/openapi.json")
def openapi(request: Request) -> dict[str, Any]:
    described: dict[str, Any] = request.app.openapi()
    return described
