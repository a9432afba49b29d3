"""The derived tables may be deleted, damaged or shared at any time: what they say is always what the log says."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from deeds import push, tables_of
from halls import do
from may import MONTH, month_of_may, punches_of, withdraw_the_badge

from attendance import calendar, leave, people, relief
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.localtime import moment_of, month_days
from projections import tables
from projections.ledger import Json, Ledger


@pytest.fixture
def may(tmp_path: Path) -> Iterator[Hall]:
    hall = month_of_may(tmp_path)
    yield hall
    hall.close()


def delete_all(path: Path) -> None:
    tables.discard(path)


def delete_the_file_alone(path: Path) -> None:
    path.unlink()


def fill_with_text(path: Path) -> None:
    path.write_text("nothing that SQLite knows" * 400, encoding="utf-8")


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def leave_by_an_older_layout(path: Path) -> None:
    with tables.opened(path) as db:
        db.conn.execute("UPDATE state SET layout = 0")
        db.conn.execute("DROP VIEW lines")
        db.conn.execute("DELETE FROM people")


def leave_by_another_hall(path: Path) -> None:
    with tables.opened(path) as db:
        db.conn.execute("UPDATE state SET hall = 'another'")
        db.conn.execute("DELETE FROM punches")


MISHAPS = [
    delete_all,
    delete_the_file_alone,
    fill_with_text,
    cut_in_half,
    empty,
    leave_by_an_older_layout,
    leave_by_another_hall,
]


@pytest.mark.parametrize("mishap", MISHAPS, ids=lambda mishap: mishap.__name__)
def test_whatever_happens_to_the_file_the_month_is_the_same(may: Hall, mishap: Callable[[Path], None]) -> None:
    ledger = Ledger(may)
    before, kept = ledger.month(MONTH), tables_of(ledger)
    mishap(ledger.path)
    assert ledger.month(MONTH) == before
    assert tables_of(ledger) == kept
    assert Ledger(may).month(MONTH) == before


def test_rebuilding_changes_nothing(may: Hall) -> None:
    ledger = Ledger(may)
    before, kept, days = ledger.month(MONTH), tables_of(ledger), ledger.days(MONTH)
    assert ledger.rebuild() == may.store.head().position
    assert (ledger.month(MONTH), tables_of(ledger), ledger.days(MONTH)) == (before, kept, days)


def test_rebuilding_in_several_processes_changes_nothing(may: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.rebuild.WORTH_PROCESSES", 1)
    monkeypatch.setattr("projections.rebuild.CHUNK", 2)
    ledger = Ledger(may)
    before, kept = ledger.month(MONTH), tables_of(ledger)
    ledger.rebuild()
    assert (ledger.month(MONTH), tables_of(ledger)) == (before, kept)


def test_a_rebuild_that_broke_off_leaves_nothing_in_the_way(may: Hall) -> None:
    ledger = Ledger(may)
    before = ledger.month(MONTH)
    ledger.path.with_name(f"{ledger.path.name}.new").write_bytes(b"half")
    ledger.rebuild()
    assert ledger.month(MONTH) == before
    assert not list(ledger.path.parent.glob("*.new*"))


def test_what_is_read_stands_at_one_position_whoever_moves_the_tables_on_meanwhile(may: Hall) -> None:
    one, other = Ledger(may), Ledger(may)
    one.follow()
    with one._current() as db:
        position = one.position
        do(may, people.post, no="1003", name="冯小满", window="税务窗口")
        other.follow()
        assert other.position > position
        names = {no for (no,) in db.conn.execute("SELECT no FROM people")}
        assert "1003" not in names
        assert tuple(db.conn.execute("SELECT position FROM state").fetchone()) == (position,)
    assert "1003" in {row["no"] for row in one.month(MONTH)["unranked"]}


READER = """
import sys
from pathlib import Path
from attendance.hall import Hall
from projections.ledger import Ledger
hall = Hall.open(Path(sys.argv[1]))
ledger = Ledger(hall)
print("ready", flush=True)
last = 0
while last < int(sys.argv[2]):
    month = ledger.month("2026-05")
    assert month["as_of"]["position"] >= last, "looked back"
    last = month["as_of"]["position"]
    assert all(row["name"] for row in month["ranking"]), "somebody the book does not know"
print(len(month["ranking"]))
hall.close()
"""


def test_two_processes_follow_one_log_into_one_file(may: Hall) -> None:
    newcomers = 12
    ledger = Ledger(may)
    last = may.store.head().position + newcomers * (1 + 19 * 4)
    readers = [
        subprocess.Popen([sys.executable, "-c", READER, may.folder.data, str(last)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        for number in range(newcomers):
            no = f"50{number:02d}"
            do(may, people.post, no=no, name=f"来人{number}", window="税务窗口")
            push(may, "GATE1", no, punches_of("1001"))
            if number % 4 == 3:
                tables.discard(ledger.path)
            ledger.month(MONTH)
        assert may.store.head().position == last
        told = [reader.communicate(timeout=60)[0] for reader in readers]
    finally:
        for reader in readers:
            reader.kill()
            reader.wait()
    assert [reader.returncode for reader in readers] == [0, 0]
    assert told == [f"{6 + newcomers}\n"] * 2
    followed = tables_of(ledger)
    ledger.rebuild()
    assert tables_of(ledger) == followed


# A fact told again with other content: what it no longer says must be derived again, too.


def both_months(hall: Hall) -> tuple[Json, Json]:
    ledger = Ledger(hall)
    return ledger.month("2026-05"), ledger.month("2026-06")


def punch_on_the_first_of_june(hall: Hall) -> None:
    first = {moment_of(month_days("2026-06").start * 86_400).date(): ("08:55:00", "12:01:00")}
    push(hall, "GATE1", "2001", first)


def test_a_leave_that_ended_in_the_next_month_and_now_ends_sooner(may: Hall) -> None:
    punch_on_the_first_of_june(may)
    asked = {"no": "2001", "type": "sick", "start": moment_of(month_days("2026-05")[27] * 86_400)}
    do(may, leave.approve, **asked, end=moment_of(month_days("2026-06")[9] * 86_400))
    Ledger(may).follow()
    do(may, leave.approve, **asked, end=moment_of(month_days("2026-05")[28] * 86_400))
    assert_as_rebuilt(may)


def test_a_relief_that_ended_in_the_next_month_and_now_ends_sooner(may: Hall) -> None:
    punch_on_the_first_of_june(may)
    asked = {"window": "公安窗口", "relief_no": "2001", "start": moment_of(month_days("2026-05")[27] * 86_400)}
    do(may, relief.arrange, **asked, end=moment_of(month_days("2026-06")[9] * 86_400))
    Ledger(may).follow()
    do(may, relief.arrange, **asked, end=moment_of(month_days("2026-05")[28] * 86_400))
    assert_as_rebuilt(may)


def assert_as_rebuilt(hall: Hall) -> None:
    ledger = Ledger(hall)
    followed = both_months(hall), tables_of(ledger)
    ledger.rebuild()
    assert followed == (both_months(hall), tables_of(ledger))


def test_taking_a_finding_back_changes_the_month_at_once(may: Hall) -> None:
    ledger = Ledger(may)
    assert {row["no"]: row["deductions"] for row in ledger.month(MONTH)["ranking"]}["4002"] == "1.00"
    withdraw_the_badge(may)
    assert {row["no"]: row["deductions"] for row in ledger.month(MONTH)["ranking"]}["4002"] == "0.00"


def test_punches_of_a_year_without_a_calendar_wait_until_the_hall_tells_its_days(may: Hall) -> None:
    ledger = Ledger(may)
    push(may, "GATE1", "1002", {date(2016, 3, 1): ("09:05:00", "12:01:00", "13:20:00", "17:01:00")})
    ledger.follow()
    with pytest.raises(Refused, match="calendar_year_unknown"):
        ledger.month("2016-03")
    for number in range(31):
        do(may, calendar.set_day, date=date(2016, 3, 1) + timedelta(days=number), workday=number == 0)
    assert ledger.month("2016-03")["workdays"] == ["2016-03-01"]
    assert [(row["no"], row["minutes"]) for row in ledger.month("2016-03")["lateness"]] == [("1002", 5)]
    followed = tables_of(ledger)
    ledger.rebuild()
    assert tables_of(ledger) == followed
