"""What the demo hall lacks and its pictures ought to show: a round halfway, an appeal, a unit that mends, a consent."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec

from api.server import Server
from attendance import appeals, consent, rectification, rota
from attendance.appeals import Party
from attendance.hall import Hall
from attendance.localtime import month_days
from attendance.tablet import Telling, offset, take

ZONE = ZoneInfo("Asia/Shanghai")
DAY = 13
"""Of the month; a Tuesday in October 2026."""
NO, WINDOW, UNIT = "1003", "税务一号窗口", "税务局"
"""The person and the unit of the demo's sign-ins."""
SIGNED = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 5L4 8L8 1" stroke="#000"/></svg>'


class Scenes(NamedTuple):
    """Where what was made is seen: the event ids of two findings, and a run of readings with a wrong clock."""

    appealed: str
    mended: str
    run: str


def play(server: Server, month: str) -> Scenes:
    """Everything, through the same commands as pages and tablets."""
    hall, today = server.hall, datetime.now(ZONE).date()
    _put_on_duty(hall, month)
    phone, desk = _walk(hall, datetime.fromisoformat(f"{month}-{DAY}").replace(tzinfo=ZONE))
    _appeal(hall, phone, today)
    _mend(hall, desk)
    _agree(hall, datetime.fromisoformat(f"{month}-{DAY}"))
    server.ledger.follow()
    return Scenes(_event(hall, phone), _event(hall, desk), str(hall.book().open_runs()[0].id))


def _event(hall: Hall, finding: str) -> str:
    entry = hall.book().patrol.noted(finding)
    assert entry is not None
    return str(entry.id)


def _put_on_duty(hall: Hall, month: str) -> None:
    days = month_days(month)
    span = {"start": date.fromordinal(days.start), "end": date.fromordinal(days.stop - 1)}
    for duty, account in (("patrol", "inspector"), ("manager", "office")):
        hall.decide(lambda draft, d=duty, a=account: rota.put_on(draft, **span, duty=d, accounts=(a,)), "user:office")  # type: ignore[misc]


def _walk(hall: Hall, day: datetime) -> tuple[str, str]:
    """A round by three windows that is not over yet; what was found is returned, something cannot be placed."""
    begun = _deed("round_started", day, "09:30")
    here = {"window": WINDOW, "round": begun["id"]}
    phone = _deed("finding", day, "09:41", code="phone", no=NO, note="低头看手机", **here)
    desk = _deed("finding", day, "09:42", code="desk", **here)
    deeds = [
        begun,
        *(
            _deed("window_seen", day, "09:35", round=begun["id"], window=window, in_order=True)
            for window in ("综合受理窗口", "税务二号窗口")
        ),
        phone,
        desk,
        _deed("finding", day, "09:44", code="phone", window="海关窗口", note="门口第二个窗口"),
        _deed("praise", day, "09:45", code="lost_found", window="税务二号窗口", no="1005"),
    ]
    _tell(hall, day.replace(hour=10), deeds)
    astray = _deed("finding", day, "11:10", code="chat", window="燃气窗口", no="1039")
    _tell(hall, day.replace(hour=10, minute=15), [astray], ahead=55)
    return str(phone["id"]), str(desk["id"])


def _deed(kind: str, day: datetime, at: str, **fields: Any) -> dict[str, Any]:
    hour, minute = map(int, at.split(":"))
    return {"id": str(uuid4()), "kind": kind, "at": day.replace(hour=hour, minute=minute).isoformat(), **fields}


def _tell(hall: Hall, now: datetime, deeds: list[dict[str, Any]], ahead: int = 0) -> None:
    """From a tablet whose clock is `ahead` minutes before the hall's."""
    who = Telling("inspector", f"T{ahead}", now, offset(now + timedelta(minutes=ahead), now), str(ZONE))
    hall.decide(lambda draft: [take(draft, msgspec.json.encode(one), who) for one in deeds], "user:inspector")


def _appeal(hall: Hall, finding: str, today: date) -> None:
    own = Party(no=NO)
    hall.decide(lambda draft: appeals.tell(draft, finding=finding, today=today, party=own), "user:staff")
    text = "当时在查群众的预约短信，电脑系统正在升级。"
    hall.decide(lambda draft: appeals.lodge(draft, finding=finding, party=own, text=text, today=today), "user:staff")


def _mend(hall: Hall, finding: str) -> None:
    """The policy orders the unit to mend a desk by itself; the unit says it has."""
    done = "台面已整理，每天下班前由窗口负责人检查。"
    hall.decide(lambda draft: rectification.reply(draft, finding=finding, unit=UNIT, text=done), "user:contact")


def _agree(hall: Hall, at: datetime) -> None:
    hall.decide(
        lambda draft: consent.give(draft, no=NO, kind="face", at=at, text="2026-1", signature=SIGNED), "user:office"
    )
