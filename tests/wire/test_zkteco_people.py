"""People carried to ZKTeco terminals: orders in the answer to a poll, results posted later, names in its encoding."""

from datetime import date, datetime, timedelta
from threading import Event
from time import monotonic, sleep

import pytest
from halls import do
from wires import OpenDoor

from api.jobs.carriage import keep_up, order_people
from api.jobs.job import House
from api.settings import Settings
from attendance import consent, people, register, terminals, windows
from attendance.carriage import OrderSent
from attendance.people import StaffPosted
from attendance.visits import PersonCarried
from devices.zkteco.simulator import SimulatedTerminal
from projections.ledger import Ledger

AGO = date.today() - timedelta(days=3)


@pytest.fixture
def staffed(door: OpenDoor) -> OpenDoor:
    """0101 and 102 in post."""
    do(door.hall, windows.register, window="税务窗口", unit="税务局")
    do(door.hall, people.post, no="0101", name="钱桐雅", window="税务窗口")
    do(door.hall, people.post, no="102", name="孙可岚", window="税务窗口")
    return door


def look(door: OpenDoor) -> None:
    """The minute's comparison."""
    keep_up(door.hall, terminals.accepted(door.hall.book().terminals, "A001"))


def states(door: OpenDoor) -> list[str]:
    return [order.state for order in door.hall.book().carriage.of("A001")]


def fetched(terminal: SimulatedTerminal) -> list[str]:
    """What the terminal fetches at its next polls: the door may look at a register that is a second old."""
    until = monotonic() + 5
    while not (commands := terminal.poll()) and monotonic() < until:
        sleep(0.05)
    return commands


def leaves(door: OpenDoor, no: str) -> None:
    [posting] = door.hall.book().people.postings(no)
    assert isinstance(posting.fact, StaffPosted)
    name = door.hall.opened(posting.fact.name) or ""
    do(door.hall, people.post, no=no, name=name, window="税务窗口", end=AGO)


def test_who_joins_is_carried_at_the_next_poll_and_the_answer_is_the_receipt(staffed: OpenDoor) -> None:
    terminal = staffed.terminal()
    look(staffed)
    assert terminal.poll() == [
        "C:1000001:DATA UPDATE USERINFO PIN=101\tName=钱桐雅",
        "C:1000002:DATA UPDATE USERINFO PIN=102\tName=孙可岚",
    ]
    assert terminal.people == {"101": "钱桐雅", "102": "孙可岚"}
    assert [(fact.pin, fact.applied, fact.answer) for fact in staffed.facts(PersonCarried)] == [
        ("101", True, "0"),
        ("102", True, "0"),
    ]
    look(staffed)
    assert (terminal.poll(), states(staffed)) == ([], ["applied", "applied"])


def test_who_leaves_is_deleted_with_the_face_and_the_terminal_says_so(staffed: OpenDoor) -> None:
    terminal = staffed.terminal()
    look(staffed)
    terminal.poll()
    terminal.faces = {"101", "102"}
    leaves(staffed, "102")
    look(staffed)
    assert fetched(terminal) == ["C:1000003:DATA DELETE USERINFO PIN=102"]
    assert (terminal.people, terminal.faces) == ({"101": "钱桐雅"}, {"101"})
    assert staffed.facts(PersonCarried)[-1] == PersonCarried(
        terminal="A001", pin="102", deed="removed", applied=True, answer="0", number=3, attempt=1
    )


def test_who_takes_consent_back_is_deleted(staffed: OpenDoor) -> None:
    terminal = staffed.terminal()
    at = datetime.combine(AGO, datetime.min.time())
    do(staffed.hall, consent.give, no="102", kind="face", at=at, text="1", signature="签")
    look(staffed)
    terminal.poll()
    staffed.hall.decide(
        lambda draft: consent.withdraw(draft, no="102", kind="face", at=at + timedelta(hours=1)), "office"
    )
    look(staffed)
    fetched(terminal)
    assert terminal.people == {"101": "钱桐雅"}


def test_names_go_in_the_encoding_the_terminal_writes_itself(staffed: OpenDoor) -> None:
    terminal = staffed.terminal(encoding="gb18030")
    look(staffed)
    terminal.enrol("900", "访客甲")
    terminal.upload()
    assert "钱桐雅".encode("gb18030") in staffed.raw_poll("A001")


def test_the_register_says_which_encoding_where_a_terminal_never_showed_any(staffed: OpenDoor) -> None:
    do(staffed.hall, register.place, sn="A001", encoding="gb18030")
    look(staffed)
    assert "钱桐雅".encode("gb18030") in staffed.raw_poll("A001")


def test_no_name_breaks_out_of_its_command(staffed: OpenDoor) -> None:
    do(staffed.hall, people.post, no="103", name="赵\tPri=14\nC:9:REBOOT", window="税务窗口")
    look(staffed)
    lines = staffed.raw_poll("A001").decode().splitlines()
    assert lines[2] == "C:1000003:DATA UPDATE USERINFO PIN=103\tName=赵 Pri=14 C:9:REBOOT"
    assert len(lines) == 3


def test_a_number_no_terminal_can_hold_is_refused_here_with_the_reason(staffed: OpenDoor) -> None:
    do(staffed.hall, people.post, no="临-7", name="临时工", window="税务窗口")
    look(staffed)
    assert len(staffed.terminal().poll()) == 2
    [misfit] = [fact for fact in staffed.facts(PersonCarried) if not fact.applied]
    assert (misfit.pin, misfit.answer) == ("临-7", "no PIN")


def test_a_full_terminal_leaves_its_word_and_is_not_asked_again_at_once(staffed: OpenDoor) -> None:
    terminal = staffed.terminal(refuses_people=-1001)
    look(staffed)
    assert len(terminal.poll()) == 2
    assert terminal.poll() == []
    assert states(staffed) == ["retried", "retried"]
    assert {fact.answer for fact in staffed.facts(PersonCarried)} == {"-1001"}


def test_a_terminal_that_says_nothing_has_been_told_and_that_is_all_we_know(staffed: OpenDoor) -> None:
    terminal = staffed.terminal(mute=True)
    look(staffed)
    terminal.poll()
    assert states(staffed) == ["sent", "sent"]
    assert [fact.attempt for fact in staffed.facts(OrderSent)] == [1, 1]
    assert staffed.facts(PersonCarried) == []


def test_answers_to_orders_never_given_and_to_another_terminals_are_not_believed(staffed: OpenDoor) -> None:
    staffed.accept("A002")
    look(staffed)
    staffed.terminal().poll()
    before = len(staffed.facts(PersonCarried))
    other = staffed.terminal("A002")
    other.call("POST", "devicecmd", body=b"ID=1000001&Return=-1001&CMD=DATA\nID=1000099&Return=0&CMD=DATA\n")
    assert len(staffed.facts(PersonCarried)) == before


def test_a_large_hall_is_carried_in_deliveries_a_terminal_takes(door: OpenDoor) -> None:
    do(door.hall, windows.register, window="税务窗口", unit="税务局")

    def post_all(draft: object) -> None:
        for number in range(1000, 1260):
            people.post(draft, no=str(number), name="名" * 60, window="税务窗口")  # type: ignore[arg-type]

    door.hall.decide(post_all, "office")
    look(door)
    terminal, sizes = door.terminal(), []
    while commands := terminal.poll():
        sizes.append(len(commands))
        assert sum(len(line.encode()) + 1 for line in commands) < 900_000
    assert sizes == [100, 100, 60]
    assert len(terminal.people) == 260


def test_people_kept_by_hand_are_left_alone_and_what_was_ordered_before_is_not_sent(staffed: OpenDoor) -> None:
    look(staffed)
    do(staffed.hall, register.place, sn="A001", by_hand=True)
    terminal = staffed.terminal()
    assert terminal.poll() == []
    house = House(staffed.hall, Ledger(staffed.hall), Settings(data=staffed.hall.folder.data), Event())
    assert order_people(house) == {"terminals": 0, "ordered": 0, "dropped": 2}
    assert states(staffed) == ["overtaken", "overtaken"]
    do(staffed.hall, register.place, sn="A001")
    assert order_people(house) == {"terminals": 1, "ordered": 2, "dropped": 0}


def test_who_changes_to_a_window_the_terminal_is_not_for_is_taken_off(staffed: OpenDoor) -> None:
    terminal = staffed.terminal()
    do(staffed.hall, windows.register, window="公安窗口", unit="公安局")
    do(staffed.hall, register.place, sn="A001", windows=("税务窗口",))
    look(staffed)
    terminal.poll()
    do(staffed.hall, people.post, no="102", name="孙可岚", window="税务窗口", end=AGO)
    do(staffed.hall, people.post, no="102", name="孙可岚", window="公安窗口", start=AGO + timedelta(days=1))
    look(staffed)
    assert fetched(terminal) == ["C:1000003:DATA DELETE USERINFO PIN=102"]
    assert terminal.people == {"101": "钱桐雅"}


def test_somebody_whose_name_was_forgotten_is_not_put_there_nameless(staffed: OpenDoor) -> None:
    look(staffed)
    staffed.hall.keys.forget("102")
    assert [line.partition("PIN=")[2] for line in staffed.terminal().poll()] == ["101\tName=钱桐雅"]
    [misfit] = [fact for fact in staffed.facts(PersonCarried) if not fact.applied]
    assert (misfit.pin, misfit.answer) == ("102", "no name")


def test_nothing_in_the_log_tells_a_name(staffed: OpenDoor) -> None:
    look(staffed)
    staffed.terminal().poll()
    assert "孙可岚".encode() not in staffed.log_bytes()
