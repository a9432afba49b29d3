"""What a tablet tells: stored, repeated, held or refused, each deed for itself, in whatever order it comes."""

from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from halls import POLICY, do, refusal_of, register_a_small_hall
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tablets import ZONE, at, deed, outcomes, tell

from attendance import people, placing, relief, windows
from attendance.hall import Hall
from attendance.placing import Mended, admit
from attendance.rounds import rounds_of

SEEN = "2026-03-13 10:20"


def phone(**fields: Any) -> dict[str, Any]:
    return deed("finding", SEEN, code="phone", window="公安窗口", no="102") | fields


def test_a_finding_keeps_both_clocks_its_tablet_and_who_saw_it(hall: Hall):
    told = phone(note="看短视频", source="video", photos=["A" * 64])
    assert outcomes(tell(hall, told, ahead=40)) == ["stored"]
    entry = hall.book().patrol.noted(told["id"])
    assert entry is not None
    fact = entry.fact
    assert (fact.seen_at, fact.tablet_at, fact.offset_seconds) == (datetime(2026, 3, 13, 10, 20), at(SEEN), 40)
    assert (fact.account, fact.tablet, fact.source, fact.photos) == ("zhou", "T1", "video", ("a" * 64,))
    assert hall.opened(fact.note) == "看短视频"
    assert not any("看短视频".encode() in row.state for row in hall.store.read(0, 10_000))


def test_the_same_deeds_again_are_repeated_even_when_the_clock_was_set_right_in_between(hall: Hall):
    deeds = [
        phone(photos=["a" * 64]),
        deed("praise", SEEN, code="lost_found", window="公安窗口", no="102"),
        deed("relief", SEEN, window="公安窗口", relief_no="9001", regular_no="102", until="11:30"),
        deed("outing", SEEN, no="0101", until="2026-03-13T10:45:00+08:00"),
        begun := deed("round_started", SEEN),
        deed("window_seen", SEEN, round=begun["id"], window="税务窗口", in_order=True),
        deed("round_ended", SEEN, round=begun["id"]),
    ]
    assert outcomes(tell(hall, *deeds, ahead=3599)) == ["stored"] * 7
    head = hall.store.head()
    assert outcomes(tell(hall, *deeds, ahead=0)) == ["repeated"] * 7
    assert hall.store.head() == head


def test_another_content_under_the_same_number_is_refused_and_the_first_stands(hall: Hall):
    first = phone()
    tell(hall, first)
    assert outcomes(tell(hall, first | {"code": "sleep"})) == ["refused deed_said_otherwise"]
    assert outcomes(tell(hall, first, account="wu")) == ["refused deed_said_otherwise"]
    entry = hall.book().patrol.noted(first["id"])
    assert entry is not None
    assert entry.fact.code == "phone"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"window": "海关窗口"}, "window_unknown"),
        ({"window": "旧窗口"}, "window_closed"),
        ({"no": "777"}, "person_unknown"),
        ({"no": "300"}, "person_left"),
        ({"code": "yawn"}, "finding_code_unknown"),
        ({"code": "absent", "no": ""}, "person_needed"),
        ({"at": "2026-03-13T11:00:00+08:00"}, "moment_impossible"),
        ({"at": "1999-12-31T23:00:00+08:00"}, "moment_impossible"),
    ],
)
def test_what_cannot_be_placed_is_held_and_the_rest_goes_through(hall: Hall, fields: dict[str, Any], why: str):
    do(hall, windows.register, window="旧窗口", unit="公安局", end=date(2026, 3, 12))
    do(hall, people.post, no="300", name="周宁", window="公安窗口", end=date(2026, 3, 12))
    odd, good = phone(**fields), phone(note="另一条")
    assert outcomes(tell(hall, odd, good)) == [f"held {why}", "stored"]
    assert [entry.fact.held_for for entry in hall.book().deeds.open()] == [why]
    assert outcomes(tell(hall, odd)) == ["held deed_waits"]
    assert len(hall.book().deeds.held) == 1


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"id": "seven"}, "deed_malformed"),
        ({"kind": "dance"}, "deed_malformed"),
        ({"at": "noon"}, "deed_malformed"),
        ({"at": "2026-03-13T10:20:00"}, "deed_malformed"),
        ({"source": "dream"}, "deed_malformed"),
        ({"photos": "one"}, "deed_malformed"),
        ({"photos": ["a" * 64] * 7}, "deed_photos_many"),
        ({"note": "长" * 1001}, "deed_text_long"),
        ({"window": "", "no": ""}, "nobody_named"),
    ],
)
def test_what_says_nothing_is_refused_and_the_rest_goes_through(hall: Hall, broken: dict[str, Any], code: str):
    assert outcomes(tell(hall, phone(**broken), phone())) == [f"refused {code}", "stored"]
    assert len(hall.book().patrol.findings) == 1


def test_a_clock_an_hour_off_is_put_right_by_whole_minutes_and_kept_as_it_was(hall: Hall):
    told = deed("finding", "2026-03-13 11:20:07", code="phone", window="公安窗口")
    tell(hall, told, ahead=3612)
    entry = hall.book().patrol.noted(told["id"])
    assert entry is not None
    assert entry.fact.seen_at == datetime(2026, 3, 13, 10, 20, 7)
    assert entry.fact.tablet_at == at("2026-03-13 11:20:07")


def test_a_withdrawal_needs_a_reason_unless_it_undoes_and_is_for_ones_own_findings_alone(hall: Hall):
    mine, undone = phone(), phone(note="手滑")
    tell(hall, mine, undone)
    back = deed("withdrawal", SEEN, finding=mine["id"])
    assert outcomes(tell(hall, back)) == ["refused missing"]
    assert outcomes(tell(hall, back | {"reason": "看错"}, account="wu")) == ["refused finding_not_yours"]
    undo = deed("withdrawal", SEEN, finding=undone["id"], undo=True)
    assert outcomes(tell(hall, back | {"reason": "看错"}, undo)) == ["stored", "stored"]
    assert {hall.book().patrol.state(one["id"]) for one in (mine, undone)} == {"withdrawn"}
    assert outcomes(tell(hall, back | {"reason": "看错"})) == ["repeated"]


def test_a_withdrawal_that_comes_first_waits_for_its_finding(hall: Hall):
    mine = phone()
    back = deed("withdrawal", SEEN, finding=mine["id"], reason="看错")
    assert outcomes(tell(hall, back)) == ["held finding_unknown"]
    assert outcomes(tell(hall, mine)) == ["stored"]
    assert hall.book().patrol.state(mine["id"]) == "withdrawn"
    assert hall.book().deeds.open() == []


def test_what_is_held_can_be_taken_back(hall: Hall):
    odd = phone(window="海关窗口")
    tell(hall, odd, deed("withdrawal", SEEN, finding=odd["id"], undo=True))
    assert hall.book().deeds.open() == []
    assert outcomes(tell(hall, odd)) == ["repeated"]
    assert len(hall.book().patrol.findings) == 0


def test_the_office_places_what_was_held_in_the_inspectors_name_or_dismisses_it(hall: Hall):
    wrong, other = phone(window="海关窗口"), phone(no="777")
    tell(hall, wrong, other)
    held = hall.book().deeds.holding(wrong["id"])
    assert held is not None
    content = hall.opened(held.fact.content) or ""
    placed: dict[str, Any] = {"deed": wrong["id"], "content": content, "now": at("2026-03-16 09:00"), "zone": ZONE}
    assert refusal_of(hall, admit, mended=Mended(), **placed)[0] == "window_unknown"
    do(hall, admit, mended=Mended(window="公安窗口"), **placed)
    entry = hall.book().patrol.noted(wrong["id"])
    assert entry is not None
    assert (entry.fact.window, entry.fact.account) == ("公安窗口", "zhou")
    assert refusal_of(hall, admit, mended=Mended(), **placed)[0] == "deed_settled"
    assert refusal_of(hall, placing.dismiss, deed=other["id"], reason=" ") == ("missing", "reason")
    do(hall, placing.dismiss, deed=other["id"], reason="没有这个人")
    assert hall.book().deeds.open() == []


def test_a_relief_and_an_outing_are_the_offices_own_arrangements(hall: Hall):
    stand = deed("relief", SEEN, window="公安窗口", relief_no="9001", regular_no="102", until="11:30")
    twice = deed("relief", SEEN, window="税务窗口", relief_no="9001", until="12:00")
    short = deed("outing", SEEN, no="0101", until="2026-03-13T10:50:00+08:00")
    long = deed("outing", SEEN, no="0101", until="11:50", note="去银行")
    assert outcomes(tell(hall, stand, twice, short, long)) == [
        *("stored", "held relief_overlaps", "stored", "held outing_too_long")
    ]
    (arranged,) = hall.book().reliefs.find("relief", "9001")
    assert (arranged.fact.start, arranged.fact.end) == (datetime(2026, 3, 13, 10, 20), datetime(2026, 3, 13, 11, 30))
    (excused,) = hall.book().leaves.find("no", "0101")
    assert (excused.fact.type, excused.fact.end) == ("trip_short", datetime(2026, 3, 13, 10, 50))


def test_a_relief_told_again_does_not_undo_what_the_office_changed_since(hall: Hall):
    stand = deed("relief", SEEN, window="公安窗口", relief_no="9001", until="11:30")
    tell(hall, stand)
    start = datetime(2026, 3, 13, 10, 20)
    do(hall, relief.arrange, window="公安窗口", relief_no="9001", start=start, end=datetime(2026, 3, 13, 17))
    assert outcomes(tell(hall, stand)) == ["repeated"]
    assert hall.book().reliefs.find("relief", "9001")[0].fact.end == datetime(2026, 3, 13, 17)


def test_a_code_that_says_so_orders_the_unit_to_mend_within_workdays(hall: Hall):
    told = phone(code="desk", no="")
    tell(hall, told)
    order = hall.book().rectifications.order(told["id"])
    assert order is not None
    assert (order.fact.unit, order.fact.due) == ("公安局", date(2026, 3, 20))


def test_a_round_counts_each_window_once_and_findings_too(hall: Hall):
    begun = deed("round_started", "2026-03-13 10:00")
    here = {"round": begun["id"], "window": "税务窗口"}
    looks = [deed("window_seen", SEEN, **here, in_order=True), deed("window_seen", SEEN, **here, in_order=True)]
    tell(hall, *looks, phone(round=begun["id"]), begun, deed("round_ended", "2026-03-13 10:29", round=begun["id"]))
    (only,) = rounds_of(hall.book(), date(2026, 3, 13))
    assert only.seen == {"税务窗口": True, "公安窗口": False}
    assert (only.account, only.started, only.ended) == (
        "zhou",
        at("2026-03-13 10:00").replace(tzinfo=None),
        datetime(2026, 3, 13, 10, 29),
    )


def a_morning() -> list[dict[str, Any]]:
    """Everything an inspector may do on a round, odd deeds and withdrawals included."""
    begun = deed("round_started", "2026-03-13 09:31")
    wrong, late, odd = phone(round=begun["id"]), phone(code="late"), phone(window="海关窗口")
    return [
        begun,
        wrong,
        late,
        odd,
        phone(code="desk", no=""),
        deed("praise", SEEN, code="banner", window="税务窗口"),
        deed("window_seen", SEEN, round=begun["id"], window="税务窗口", in_order=True),
        deed("withdrawal", SEEN, finding=wrong["id"], reason="看错"),
        deed("withdrawal", SEEN, finding=odd["id"], undo=True),
        deed("relief", SEEN, window="公安窗口", relief_no="9001", regular_no="102", until="11:30"),
        deed("outing", SEEN, no="0101", until="10:45"),
        deed("round_ended", "2026-03-13 10:29", round=begun["id"]),
    ]


def known_of(hall: Hall, deeds: list[dict[str, Any]]) -> Any:
    """Everything that follows from a morning, whoever tells it and in whatever order."""
    book = hall.book()
    states = {one["id"]: book.patrol.state(one["id"]) for one in deeds if book.patrol.noted(one["id"])}
    waiting = {held.fact.deed for held in book.deeds.open()}
    excused = [(entry.fact.no, entry.fact.start, entry.fact.end) for entry in book.leaves]
    return (
        states,
        waiting,
        excused,
        len(book.reliefs),
        len(book.praises.noted),
        set(book.rectifications.ordered.keys("finding")),
        [one.seen for one in rounds_of(book, date(2026, 3, 13))],
    )


MORNING = a_morning()


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    order=st.permutations(range(len(MORNING))),
    again=st.lists(st.integers(0, len(MORNING) - 1), max_size=6),
    cuts=st.sets(st.integers(1, len(MORNING) + 5), max_size=4),
)
def test_neither_order_nor_repeats_nor_batches_change_anything(order: list[int], again: list[int], cuts: set[int]):
    arriving = [MORNING[number] for number in [*order, *again]]
    edges = [0, *sorted(cut for cut in cuts if cut < len(arriving)), len(arriving)]
    found = []
    for batches in ([MORNING], [arriving[a:b] for a, b in pairwise(edges)]):
        with TemporaryDirectory() as folder:
            hall = Hall.found(Path(folder) / "hall", POLICY)
            register_a_small_hall(hall)
            for batch in batches:
                tell(hall, *batch)
            found.append(known_of(hall, MORNING))
            hall.close()
    assert found[0] == found[1]
