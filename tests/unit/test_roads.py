"""In any order, in any batches, any number of times, by push or USB: the same punches."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from attendance.punches import Origin, Punched, judge_all
from devices.readings import text_lines_of
from devices.zkteco.attlog import read_line
from devices.zkteco.usb import read_export

RECEIVED = datetime(2026, 9, 30, tzinfo=UTC)
PUSH = Origin("A001", 480, "push", "10.0.0.7", RECEIVED)
USB = PUSH._replace(road="usb", source="sha256:00")
MOMENTS = st.datetimes(min_value=datetime(2026, 9, 1), max_value=datetime(2026, 9, 29)).map(
    lambda moment: moment.replace(microsecond=0)
)
SHOWN = st.lists(st.tuples(st.integers(1, 9_999_999), MOMENTS, st.sampled_from([0, 1, 4, 255])), max_size=30)


def pushed(shown: list[tuple[int, datetime, int]]) -> set[tuple[str, ...]]:
    body = "".join(f"{pin:05d}\t{at}\t{status}\t15\t0\t0\t0\r\n" for pin, at, status in shown)
    return keys(judge_all(map(read_line, text_lines_of(body.encode())), PUSH))


def exported(shown: list[tuple[int, datetime, int]]) -> set[tuple[str, ...]]:
    body = "".join(f"{pin:>9}\t{at}\t1\t{status}\t1\t0\n" for pin, at, status in shown)
    return keys(judge_all(read_export(BytesIO(body.encode())), USB))


def keys(judged: list) -> set[tuple[str, ...]]:
    assert all(isinstance(fact, Punched) for fact in judged)
    return {fact.key() for fact in judged}


@given(SHOWN, st.randoms(use_true_random=False), st.integers(0, 30))
def test_the_road_and_the_order_do_not_matter(shown: list, dice, cut: int) -> None:
    shuffled = shown * 2
    dice.shuffle(shuffled)
    assert pushed(shown) == exported(shown) == pushed(shuffled[:cut]) | exported(shuffled[cut:]) | pushed(shown[:cut])


@given(SHOWN, st.timedeltas(timedelta(seconds=1), timedelta(seconds=59)))
def test_two_punches_of_one_person_within_a_minute_stay_two(shown: list, later: timedelta) -> None:
    [(pin, at, status)] = shown[:1] or [(1, datetime(2026, 9, 1), 0)]
    later -= timedelta(microseconds=later.microseconds)
    assert len(pushed([(pin, at, status), (pin, at + later, status)])) == 2
