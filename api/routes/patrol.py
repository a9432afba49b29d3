"""The inspector's tablet: what it takes along, what it brings back, and its photos (docs/patrol.md)."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api import patrolling
from api.auth import Asker, CheckedCall, may
from api.finding_sight import FindingSight
from api.forms import form_token
from api.given import TheHall, TheLedger
from api.pages.frame import language_of
from api.patrol_snapshot import Snapshot
from api.problems import Problem
from api.roles import Action
from api.routes.months import PROBLEMS, as_json
from api.settings import Language
from api.taken import note_taken
from api.text import refusal, say
from attendance import photos
from attendance.hall import Hall
from attendance.log.photos import PhotoDamaged
from attendance.tablet import Answer, offset

router = APIRouter(prefix="/api/v1/patrol", tags=["patrol"], responses=PROBLEMS)

Inspector = Annotated[Asker, may(Action.PATROL)]
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$", examples=["0" * 64])]
SIGNED_IN = [may(Action.PATROL), CheckedCall]
"""In this order: a session that ended must be said before its token is found to be of no session."""
JPEG = "image/jpeg"
BYTES = {JPEG: {"schema": {"type": "string", "format": "binary"}}}


@router.get("/snapshot", response_model=dict[str, Any])
def snapshot(request: Request, asker: Inspector, hall: TheHall, ledger: TheLedger) -> Response:
    """Windows, who should be there and whether they have clocked in, codes, rota, today's rounds and findings."""
    now = patrolling.hall_now(hall)
    note_taken(hall, asker, "patrol", f"{now:%Y-%m}")
    body = Snapshot(hall, ledger, asker.account.name, now).body()
    return as_json(body | {"csrf": form_token(request)})


@router.post("/sync", response_model=dict[str, Any], dependencies=SIGNED_IN)
async def sync(request: Request, asker: Inspector, hall: TheHall) -> Response:
    """Take in a tablet's deeds, each for itself; 200 means that what is stored is on the disk."""
    body = await body_within(request, patrolling.MOST_BYTES)
    if body is None:
        raise patrolling.too_large()
    return await run_in_threadpool(_synced, hall, body, asker.account.name, language_of(request))


def _synced(hall: Hall, body: bytes, account: str, language: Language) -> Response:
    now, batch = patrolling.hall_now(hall), patrolling.read_batch(body)
    answers = patrolling.take_batch(hall, batch, account, now)
    return as_json(
        {
            "server_time": now.isoformat(timespec="milliseconds"),
            "offset_seconds": offset(batch.sent_at, now),
            "results": [_result(answer, language) for answer in answers],
            "photos_missing": patrolling.missing_photos(hall, answers),
        }
    )


def _result(answer: Answer, language: Language) -> dict[str, str | None]:
    refused = answer.refused
    sentence = refusal(refused, language) if refused else say(f"page.sync.{answer.outcome}", language)
    return {
        "id": answer.id,
        "outcome": answer.outcome,
        "code": refused.code if refused else None,
        "sentence": sentence,
    }


@router.put("/photos/{sha256}", response_model=dict[str, bool], dependencies=SIGNED_IN)
async def put_photo(request: Request, _asker: Inspector, hall: TheHall, sha256: Sha256) -> Response:
    """Store a photo: 201 when it is on the disk, 200 when it was there already."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JPEG:
        raise Problem(415, "photo_type")
    data = await body_within(request, photos.MOST_BYTES)
    if data is None:
        raise Problem(413, "photo_too_large", megabytes=photos.MOST_BYTES // 1024**2)
    stored = await run_in_threadpool(_stored, hall, sha256, data)
    answer = as_json({"new": stored})
    answer.status_code = 201 if stored else 200
    return answer


def _stored(hall: Hall, sha256: str, data: bytes) -> bool:
    photos.check(data)
    return patrolling.photos_of(hall).keep(sha256, data)


@router.get("/photos/{sha256}", response_class=Response, responses={200: {"content": BYTES}})
def photo(asker: Annotated[Asker, may(Action.SEE_FINDINGS)], hall: TheHall, sha256: Sha256) -> Response:
    """A photo, checked against its hash, for those who may see a finding that names it."""
    if not FindingSight(asker, hall.book()).shows_photo(sha256):
        raise Problem(404, "photo_missing")
    try:
        data = patrolling.photos_of(hall).read(sha256)
    except PhotoDamaged:
        raise Problem(500, "photo_damaged") from None
    if data is None:
        raise Problem(404, "photo_missing")
    return Response(data, media_type=JPEG, headers={"Content-Disposition": "inline"})


async def body_within(request: Request, most: int) -> bytes | None:
    """The whole body; None as soon as it is larger than that, whatever length was claimed."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)
