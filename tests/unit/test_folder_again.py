"""Loading again, in another order, or from two places at once never counts anything twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from halls import POLICY, register_a_small_hall
from hypothesis import given, settings
from hypothesis import strategies as st
from offices import GOOD, GOOD_ROWS, as_csv
from test_folder import totals

from api.imports.folder import load_folder
from attendance.hall import Hall

HEADER = ["date", "windows", "no", "code", "count", "evidence"]
CLAIMS = st.lists(
    st.tuples(
        st.sampled_from(["2026-03-30", "2026-03-31"]),
        st.sampled_from(["税务窗口", "公安窗口;税务窗口", "海关窗口", ""]),
        st.sampled_from(["", "101", "0101"]),
        st.sampled_from(["door", "speed_up"]),
        st.sampled_from(["1", "2", "0"]),
        st.just(""),
    ),
    max_size=8,
)


def claimed(hall: Hall) -> Counter[tuple[object, ...]]:
    """What the book holds, without the ordinals that tell equal rows apart."""
    facts = [entry.fact for entry in hall.book().bonuses]
    return Counter((fact.date, fact.windows, fact.no, fact.code, fact.count) for fact in facts)


@settings(max_examples=15, deadline=None)
@given(CLAIMS, st.randoms())
def test_the_same_rows_again_change_nothing_and_in_another_order_say_the_same(claims, random):
    with TemporaryDirectory() as name:
        folder = Path(name)
        hall = Hall.found(folder / "hall", POLICY)
        register_a_small_hall(hall)
        first = load_folder(hall, as_csv(folder / "a", {"bonus": [HEADER, *claims]}))
        position, said = hall.store.head().position, claimed(hall)
        load_folder(hall, folder / "a")
        assert hall.store.head().position == position
        shuffled = random.sample(claims, len(claims))
        again = load_folder(hall, as_csv(folder / "b", {"bonus": [HEADER, *shuffled]}))
        assert claimed(hall) == said
        assert totals(again)["refused"] == totals(first)["refused"]
        assert totals(first)["new"] == sum(said.values())
        hall.close()


def test_two_loads_at_once_store_everything_once(tmp_path: Path):
    folder = as_csv(tmp_path / "office", GOOD)
    Hall.found(tmp_path / "hall", POLICY).close()
    halls = [Hall.open(tmp_path / "hall") for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda hall: load_folder(hall, folder), halls))
    stored = [totals(report) for report in reports]
    assert sum(counts["new"] for counts in stored) == GOOD_ROWS
    assert sum(counts["repeated"] for counts in stored) == GOOD_ROWS
    assert [row.topic for row in halls[0].store.read(0, 1_000)].count("staff.posted") == len(GOOD["staff"]) - 1
    for hall in halls:
        hall.close()
