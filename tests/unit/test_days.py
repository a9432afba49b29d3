"""Day sheets as the contract shows them (design.md 5.4)."""

from typing import Any

from hall_builder import ToldHall

from projections.days import kept, sheets


def shown(hall: ToldHall, *numbers: str) -> list[dict[str, Any]]:
    """The sheets of some people's March."""
    rows = [(no, kept(hall.person(no).days)) for no in numbers]
    return sheets(rows, {"1001": "周宁"})


def test_who_served_two_windows_has_two_rows_that_share_what_is_unused() -> None:
    hall = ToldHall()
    hall.window("公安窗口")
    hall.staff("1001")
    hall.stand_in("1001", "公安窗口", "03-02 13:00", "03-02 18:00")
    hall.punches("1001", "03-02", "08:55 10:00 12:01 13:35 17:05")
    first, second = [sheet for sheet in shown(hall, "1001") if sheet["date"] == "2026-03-02"]
    assert (first["window"], [one["session"] for one in first["sessions"]]) == ("税务窗口", ["am"])
    assert (second["window"], [one["session"] for one in second["sessions"]]) == ("公安窗口", ["pm"])
    assert first["unused"] == second["unused"] == ["10:00:00"]
    assert first["name"] == "周宁"


def test_sheets_come_by_date_then_number_and_sessions_by_start() -> None:
    hall = ToldHall()
    for no in ("1002", "1001"):
        hall.staff(no)
        hall.duty(no, "03-02", "早", "07:00", "08:00")
    found = shown(hall, "1002", "1001")
    assert [(sheet["date"], sheet["no"]) for sheet in found[:3]] == [
        ("2026-03-02", "1001"),
        ("2026-03-02", "1002"),
        ("2026-03-03", "1001"),
    ]
    assert [one["session"] for one in found[0]["sessions"]] == ["早", "am", "pm"]
    assert len(found) == 2 * 22


def test_a_mark_that_is_not_owed_is_null_and_so_is_a_missing_punch() -> None:
    hall = ToldHall(sessions=False)
    hall.session("am", "09:00", "12:00", owes="on")
    hall.staff("1001")
    (session,) = shown(hall, "1001")[0]["sessions"]
    assert session["on"] == {"due": "09:00", "punch": None, "late_minutes": 0}
    assert session["off"] is None


def test_an_excused_session_owes_no_mark_and_names_its_leave() -> None:
    hall = ToldHall()
    hall.staff("1001")
    hall.leave("1001", "sick", "03-02", "03-02")
    (session, _) = shown(hall, "1001")[0]["sessions"]
    assert session == {"session": "am", "symbol": "病", "on": None, "off": None, "excuse": "sick"}


def test_leave_moves_what_is_due() -> None:
    hall = ToldHall()
    hall.staff("1001")
    hall.leave("1001", "official", "03-02 09:00", "03-02 10:15")
    (session, _) = shown(hall, "1001")[0]["sessions"]
    assert (session["on"]["due"], session["excuse"]) == ("10:15", "official")


def test_times_after_midnight_carry_the_day() -> None:
    hall = ToldHall(sessions=False)
    hall.session("night", "20:00", "06:00")
    hall.staff("1001")
    hall.punches("1001", "03-02", "19:50 05:58:30+1")
    (session,) = shown(hall, "1001")[0]["sessions"]
    assert session["on"] == {"due": "20:00", "punch": "19:50:00", "late_minutes": 0}
    assert session["off"] == {"due": "06:00+1", "punch": "05:58:30+1", "early_minutes": 1}


def test_a_punch_that_served_the_night_before_is_not_unused_on_its_own_date() -> None:
    hall = ToldHall(sessions=False)
    hall.session("night", "20:00", "06:00")
    hall.staff("1001")
    hall.punches("1001", "03-02", "19:50 06:05+1 13:30+1")
    monday, tuesday, *_ = shown(hall, "1001")
    assert (monday["unused"], tuesday["unused"]) == ([], ["13:30:00"])
