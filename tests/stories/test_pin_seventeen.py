"""Who is PIN 17? Punches of nobody known wait, are assigned weeks later, and count for the days they were made."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from halls import do, refusal_of
from sites import MONTH, form_token, site_opened

from attendance import pins, register, terminals
from attendance.hall import Hall
from attendance.punches import Punched
from projections.ledger import Ledger

MARKS = (time(8, 50), time(12, 5), time(13, 20), time(17, 10))
"""Four marks of a day well kept."""
WEEK = [date(2026, 3, day) for day in (2, 3, 4, 5, 6)]


def punch(hall: Hall, pin: str, days: list[date], sn: str = "A001") -> None:
    moments = [datetime.combine(day, at) for day in days for at in MARKS]
    hall.receive([Punched(terminal=sn, pin=pin, at=at, raw="") for at in moments], f"terminal:{sn}")


def symbols(hall: Hall, no: str = "102") -> dict[str, str]:
    """The sessions of each day of the week by their symbols."""
    rows = Ledger(hall).days("2026-03", no)
    kept = {str(day) for day in WEEK}
    return {row["date"]: "".join(s["symbol"] for s in row["sessions"]) for row in rows if row["date"] in kept}


def kept_on(hall: Hall, no: str = "102") -> list[int]:
    """The days of the week on which every session was kept."""
    return [int(day[-2:]) for day, signs in symbols(hall, no).items() if set(signs) == {"√"}]


def test_punches_of_an_unknown_pin_count_for_their_days_once_it_is_assigned(hall: Hall) -> None:
    punch(hall, "17", WEEK)
    assert kept_on(hall) == []
    [unknown] = Ledger(hall).unknown_punches("A001")
    assert (unknown["pin"], unknown["punches"], list(unknown["days"])) == ("17", 20, [str(day) for day in WEEK])
    assert unknown["days"]["2026-03-02"] == ["08:50:00", "12:05:00", "13:20:00", "17:10:00"]
    do(hall, pins.assign, terminal="A001", pin="017", no="102")
    assert kept_on(hall) == [2, 3, 4, 5, 6]
    assert Ledger(hall).unknown_punches("A001") == []


def test_a_pin_handed_on_counts_for_each_owner_on_their_own_days(hall: Hall) -> None:
    punch(hall, "17", WEEK)
    do(hall, pins.assign, terminal="A001", pin="17", no="102", end=WEEK[1])
    do(hall, pins.assign, terminal="A001", pin="17", no="0101", start=WEEK[3])
    assert (kept_on(hall), kept_on(hall, "0101")) == ([2, 3], [5, 6])
    assert [list(one["days"]) for one in Ledger(hall).unknown_punches("A001")] == [["2026-03-04"]]


@pytest.mark.parametrize(
    ("start", "end"), [(None, None), (None, WEEK[0]), (WEEK[4], None), (WEEK[1], WEEK[1]), (None, WEEK[4])]
)
def test_rows_that_overlap_are_refused(hall: Hall, start: date | None, end: date | None) -> None:
    do(hall, pins.assign, terminal="A001", pin="17", no="102", start=WEEK[0], end=WEEK[4])
    overlapping = {"terminal": "A001", "pin": "17", "no": "0101", "start": start, "end": end}
    assert refusal_of(hall, pins.assign, **overlapping) == ("pin_overlaps", "from")


def test_a_row_that_was_wrong_is_changed_and_the_days_follow(hall: Hall) -> None:
    punch(hall, "17", WEEK)
    row = {"terminal": "A001", "pin": "17", "start": WEEK[0]}
    do(hall, pins.assign, **row, no="102")
    assert kept_on(hall) == [2, 3, 4, 5, 6]
    do(hall, pins.change, **row, no="102", begins=WEEK[2])
    assert kept_on(hall) == [4, 5, 6]
    do(hall, pins.change, terminal="A001", pin="17", start=WEEK[2], no="0101", begins=WEEK[2])
    assert (kept_on(hall), kept_on(hall, "0101")) == ([], [4, 5, 6])
    do(hall, pins.finish, terminal="A001", pin="17", start=WEEK[2], last=WEEK[3])
    assert kept_on(hall, "0101") == [4, 5]


def test_a_row_taken_back_counts_for_no_day_and_can_be_given_again(hall: Hall) -> None:
    punch(hall, "102", WEEK)
    do(hall, pins.assign, terminal="A001", pin="102", no="0101")
    assert (kept_on(hall), kept_on(hall, "0101")) == ([], [2, 3, 4, 5, 6])
    do(hall, pins.withdraw, terminal="A001", pin="102", start=None)
    assert (kept_on(hall), kept_on(hall, "0101")) == ([2, 3, 4, 5, 6], []), "without rows the PIN is the staff number"
    do(hall, pins.assign, terminal="A001", pin="102", no="0101")
    assert kept_on(hall, "0101") == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("change", [pins.change, pins.finish, pins.withdraw])
def test_a_row_nobody_wrote_cannot_be_changed(hall: Hall, change: object) -> None:
    row = {"terminal": "A001", "pin": "17", "start": None}
    more = {pins.change: {"no": "102"}, pins.finish: {"last": WEEK[0]}, pins.withdraw: {}}
    assert refusal_of(hall, change, **row, **more[change]) == ("pin_row_unknown", "pin")  # type: ignore[index, arg-type]


def test_a_broken_terminals_pins_go_on_on_its_successor_from_the_day(hall: Hall) -> None:
    """Whoever punched at the new one before that day is not known by the old one's rows."""
    do(hall, pins.assign, terminal="A001", pin="17", no="102")
    do(hall, pins.assign, terminal="A001", pin="18", no="0101", end=WEEK[0])
    do(hall, terminals.accept, sn="A001", name="东门")
    do(hall, register.place, sn="A001", place="一楼", windows=("公安窗口",))
    punch(hall, "17", WEEK[:2])
    punch(hall, "17", WEEK[1:], sn="N002")
    do(hall, register.replace, sn="A001", successor="n002", start=WEEK[2])
    assert kept_on(hall) == [2, 3, 4, 5, 6]
    assert [list(one["days"]) for one in Ledger(hall).unknown_punches("N002")] == [["2026-03-03"]]
    book = hall.book()
    assert [(row.fact.pin, row.fact.start) for row in book.pins.on("N002")] == [("17", WEEK[2])]
    assert [row.fact.start for row in book.pins.on("A001")] == [None, None], "the old one's rows stay"
    placing, successor = book.terminals.placing("N002"), book.terminals.known("N002")
    assert (successor.name if successor else "", placing.place, placing.windows) == ("东门", "一楼", ("公安窗口",))
    assert (book.terminals.state("A001"), book.terminals.state("N002")) == ("replaced", "accepted")


def test_a_replaced_terminal_is_not_missed(hall: Hall) -> None:
    days = [day for n in range(31) if (day := date(2026, 3, 1) + timedelta(days=n)).weekday() < 5]
    punch(hall, "102", days[:10])
    silent = [one["subject"] for one in Ledger(hall).completeness("2026-03") if one["kind"] == "terminal_silent"]
    assert silent == ["A001"]
    do(hall, register.replace, sn="A001", successor="N002", start=days[10])
    assert [one for one in Ledger(hall).completeness("2026-03") if one["kind"] == "terminal_silent"] == []


def test_all_of_it_through_the_pages(tmp_path: Path) -> None:
    with site_opened(tmp_path) as site:
        name = site.account("supervises", "supervisor")
        punch(site.hall, "17", WEEK[:1])
        with site.browser(name) as browser:
            page = browser.get("/terminals/A001/pins").text
            assert "08:50:00 12:05:00 13:20:00 17:10:00" in page
            form = {"csrf": form_token(browser, "/terminals/A001/pins"), "pin": "17", "no": "9001"}
            assert "没有工号为“不在”的人员" in browser.post("/terminals/A001/pins", data=form | {"no": "不在"}).text
            assert browser.post("/terminals/A001/pins", data=form | {"begins": "31.3."}).status_code == 422
            given = form | {"begins": "2026-03-02", "ends": "2026-03-31"}
            assert browser.post("/terminals/A001/pins", data=given).status_code == 303
            again = browser.post("/terminals/A001/pins", data=given | {"begins": "2026-03-20", "no": "102"})
            assert again.status_code == 422
            assert "2026-03-02" in again.text
            changed = given | {"start": "2026-03-02", "no": "102"}
            assert browser.post("/terminals/A001/pins/change", data=changed).status_code == 303
            assert [row.fact.no for row in site.hall.book().pins.on("A001")] == ["102"]
            withdrawn = {"csrf": form["csrf"], "pin": "17", "start": "2026-03-02"}
            assert browser.post("/terminals/A001/pins/withdraw", data=withdrawn).status_code == 303
            assert site.hall.book().pins.on("A001") == []
        assert Ledger(site.hall).days(MONTH, "102")
