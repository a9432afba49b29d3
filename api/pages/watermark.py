"""The watermark on every page with personal data: who looked and when, on the screen and on paper.

An image of its own, since the content policy of the pages takes no style from within them.
"""

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from markupsafe import escape
from starlette.responses import Response

from api.auth import Asker, may
from api.given import TheHall, zone_of
from api.roles import Action

router = APIRouter(include_in_schema=False)

TILE = """<svg xmlns="http://www.w3.org/2000/svg" width="2400" height="2400"><defs>
<pattern id="who" width="360" height="200" patternUnits="userSpaceOnUse" patternTransform="rotate(-22)">
<text x="8" y="60" font-family="sans-serif" font-size="17" fill="#1b2430" fill-opacity="0.07">{text}</text>
<text x="188" y="160" font-family="sans-serif" font-size="17" fill="#1b2430" fill-opacity="0.07">{text}</text>
</pattern></defs><rect width="100%" height="100%" fill="url(#who)"/></svg>"""


@router.get("/watermark.svg")
def watermark(asker: Annotated[Asker, may(Action.USE_ACCOUNT)], hall: TheHall) -> Response:
    """The account's name and the minute on the hall's clock, slanting over the page."""
    now = datetime.now(UTC).astimezone(ZoneInfo(zone_of(hall)))
    text = escape(f"{asker.account.name} {now:%Y-%m-%d %H:%M}")
    return Response(TILE.format(text=text), media_type="image/svg+xml", headers={"Cache-Control": "no-store"})
