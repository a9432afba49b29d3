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
<pattern id="who" width="{width}" height="200" patternUnits="userSpaceOnUse" patternTransform="rotate(-22)">
<text x="8" y="60" font-family="sans-serif" font-size="17" fill="#1b2430" fill-opacity="0.07">{text}</text>
<text x="{middle}" y="160" font-family="sans-serif" font-size="17" fill="#1b2430" fill-opacity="0.07">{text}</text>
</pattern></defs><rect width="100%" height="100%" fill="url(#who)"/></svg>"""

LETTER = 11
"""Pixels that a letter takes at most, so that no name is cut off at the edge of its tile."""


@router.get("/watermark.svg")
def watermark(asker: Annotated[Asker, may(Action.USE_ACCOUNT)], hall: TheHall) -> Response:
    """The account's name and the minute on the hall's clock, slanting over the page."""
    now = datetime.now(UTC).astimezone(ZoneInfo(zone_of(hall)))
    text = f"{asker.account.name} {now:%Y-%m-%d %H:%M}"
    middle = len(text) * LETTER
    tile = TILE.format(text=escape(text), middle=middle, width=2 * middle)
    return Response(tile, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})
