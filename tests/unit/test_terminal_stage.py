"""What a terminal's screen says when: by happenings and a clock of the test's own."""

import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("cv2", reason="the face stack is not installed", exc_type=ImportError)

from api.terminal.stage import Stage
from attendance.facts import Refused
from devices.face.ports import Called
from devices.face.terminal.clocks import Anchor, Clocks, Reading
from devices.face.terminal.happenings import Happening
from devices.face.terminal.kept import Place
from devices.face.terminal.line import Settled

NINE = 1_772_586_000_000.0
"""09:00 in Shanghai on 4 March 2026; milliseconds."""
EAST = Place("hall", "MQ-0001", "东门", 480)
WANG = Called("王", "综合窗口")


class Screen:
    """A stage whose time passes as told; the machine's own wall clock is an hour wrong."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        clocks = Clocks(lambda: NINE / 1000 + 3600 + self.seconds - 1000, lambda: self.seconds, "a", True)
        self.clocks = clocks
        self.stage = Stage("zh", clocks, EAST, Anchor(NINE, clocks.read()))

    def tell(self, code: str, /, **details: Any) -> None:
        self.stage.hear(Happening(code, details))

    def after(self, seconds: float) -> Any:
        self.seconds += seconds
        return self.stage.view()

    def keep(self, identity: str = "1", called: Called = WANG) -> None:
        self.tell("kept", id=identity, called=called, at=self.clocks.read(), unsent=1)
        self.stage.view()

    def answer(self, identity: str = "1", **said: str) -> None:
        usual = {
            "state": "clocked",
            "name": "王",
            "window": "综合窗口",
            "at": "09:00:00",
            "word": "正常",
            "tone": "good",
        }
        self.tell("answered", answer=Settled(identity, **usual | said))


@pytest.fixture
def screen() -> Screen:
    made = Screen()
    made.tell("online", unsent=0)
    made.after(0)
    made.stage.sentences()
    return made


def test_the_halls_own_words_are_shown_when_they_come_in_time_and_sound_once(screen: Screen):
    screen.keep()
    assert screen.after(0.2).result is None
    screen.answer()
    view = screen.after(0.1)
    assert (view.result.who, view.result.word, view.result.tone) == ("王 · 综合窗口 · 09:00:00", "正常", "good")
    assert (screen.stage.tones(), screen.stage.sentences()) == (["good"], ["王 · 综合窗口 · 09:00:00 · 正常"])
    screen.after(0.1)
    assert screen.stage.tones() == []
    assert screen.after(3).result is None


def test_within_a_second_it_is_said_what_is_known_here_and_the_halls_words_take_its_place(screen: Screen):
    screen.keep()
    view = screen.after(0.8)
    assert (view.result.who, view.result.word, view.result.tone) == ("王 · 综合窗口 · 09:00:00", "已保存", "plain")
    screen.answer(word="迟到 3 分钟", tone="late")
    view = screen.after(1)
    assert (view.result.word, view.recent[0].word) == ("迟到 3 分钟", "迟到 3 分钟")
    assert screen.stage.tones() == ["plain", "late"]


def test_words_that_come_when_the_person_has_gone_are_only_in_the_list(screen: Screen):
    screen.keep()
    screen.after(0.8)
    screen.after(5)
    screen.stage.tones()
    screen.answer(word="迟到 3 分钟", tone="late")
    view = screen.after(0.1)
    assert (view.result, view.recent[0].word, screen.stage.tones()) == (None, "迟到 3 分钟", [])


def test_without_a_network_it_is_said_at_once_that_it_was_kept_and_how_many_wait(screen: Screen):
    screen.tell("offline", unsent=0, why="")
    screen.keep()
    view = screen.after(0)
    assert (view.result.word, view.result.words) == ("已保存", "断网：保存在本机，联网后核对")
    assert (view.line, view.is_online, view.unsent) == ("▲ 断网", False, "未上传 1 条")


def test_what_the_hall_could_not_confirm_is_shown_with_the_persons_name_and_counted(screen: Screen):
    screen.keep()
    screen.after(0.8)
    screen.answer(state="set_aside", name="", window="", at="", word="", tone="", words="那天不在岗")
    view = screen.after(0.1)
    assert (view.result.who, view.result.words, view.result.tone) == ("王 · 综合窗口 · 09:00:00", "那天不在岗", "bad")
    assert "1 条" in view.aside


def test_the_last_three_stay_newest_first(screen: Screen):
    for number, name in enumerate("赵钱孙李"):
        screen.keep(str(number), Called(name, ""))
        screen.after(1)
    assert [line.name for line in screen.stage.view().recent] == ["李", "孙", "钱"]


def test_who_was_shown_before_the_program_started_is_in_the_list_until_somebody_comes(screen: Screen):
    lines = [Settled(name=name, at="08:00:00", word="正常", tone="good") for name in "赵钱"]
    screen.tell("recent", lines=lines)
    assert [line.name for line in screen.after(0).recent] == ["赵", "钱"]
    screen.keep()
    screen.tell("recent", lines=lines)
    assert [line.name for line in screen.after(1).recent] == ["王", "赵", "钱"]


def test_the_clock_is_the_halls_own_whatever_the_machine_believes(screen: Screen):
    assert (screen.after(0).time, screen.after(61).time) == ("09:00:00", "09:01:01")
    assert screen.stage.view().date == "2026年3月4日（星期三）"


def test_what_hinders_comes_before_what_was_seen_and_goes_when_it_is_mended(screen: Screen):
    screen.tell("stranger")
    assert "没有认出您" in screen.after(0).hint
    screen.tell("camera_lost")
    view = screen.after(0)
    assert ("摄像头没有画面" in view.hint, view.kind) == (True, "stop")
    screen.tell("camera")
    assert "没有认出您" in screen.after(0).hint
    assert screen.after(4).hint == "请正对镜头"
    assert screen.stage.tones() == ["bad", "bad"]


def test_a_movement_is_asked_in_words_until_it_is_judged(screen: Screen):
    screen.tell("step", step="turn_left")
    view = screen.after(4)
    assert (view.step, view.kind, "向左转头" in view.hint) == ("turn_left", "ask", True)
    screen.tell("not_done", reason="not_done")
    assert screen.after(0).step == ""
    assert screen.stage.tones() == ["ask", "bad"]


def test_a_device_that_is_unpaired_shows_a_code_and_how_many_wait(screen: Screen):
    screen.tell("unpaired", unsent=3)
    screen.tell("code", code="123456", seconds=600.0)
    pairing = screen.after(0).pairing
    assert (pairing.code, "3 条" in pairing.why, screen.stage.is_nobodys) == ("123 456", True, True)
    screen.tell("paired")
    assert (screen.after(0).pairing, screen.stage.is_nobodys) == (None, False)


def test_only_the_halls_word_on_the_code_ends_the_program(screen: Screen):
    pad = screen.stage.keypad
    assert [pad.press(key, screen.seconds) for key in ("1", "2", "enter")] == ["", "", ""]
    assert "6 到 8 位" in screen.after(0).keypad.told
    assert [pad.press(key, screen.seconds) for key in "3456"] == [""] * 4
    assert pad.press("enter", screen.seconds) == "123456"
    screen.tell("way_out_shut", words="密码不对")
    assert (screen.after(0).keypad.told, screen.stage.is_over) == ("密码不对", False)
    screen.tell("way_out_unknown")
    assert "断网" in screen.after(0).keypad.told
    screen.tell("way_out_open")
    screen.after(0)
    assert screen.stage.is_over


def test_a_code_that_nobody_goes_on_typing_is_forgotten(screen: Screen):
    screen.stage.keypad.press("1", screen.seconds)
    assert screen.after(1).keypad.typed == 1
    assert screen.after(31).keypad is None
    screen.stage.keypad.press("2", screen.seconds)
    assert screen.after(0).keypad.typed == 1


DETAILS: dict[str, dict[str, Any]] = {
    "online": {"unsent": 0},
    "offline": {"unsent": 0, "why": ""},
    "no_hall": {"unsent": 0, "why": ""},
    "unpaired": {"unsent": 1},
    "paired": {},
    "code": {"code": "123456", "seconds": 600.0},
    "unsent": {"count": 1},
    "elsewhere": {"count": 1},
    "borrowed": {"people": 2},
    "may_not": {"why": "这台终端没有获准自行比对。"},
    "lease_refused": {"refused": Refused("lease_broken")},
    "refused": {"refused": Refused("faces_busy")},
    "unclear": {"reason": "too_small"},
    "not_done": {"reason": "flat"},
    "step": {"step": "closer"},
    "place": {"place": EAST, "anchor": Anchor(NINE, Reading(NINE, 0, "a"))},
    "recent": {"lines": []},
    "kept": {"id": "1", "called": WANG, "at": Reading(NINE, 0, "a"), "unsent": 1},
    "again": {"called": WANG, "at": Reading(NINE, 0, "a")},
    "answered": {"answer": Settled("1", "clocked", "", "王")},
    "way_out_shut": {"words": "不对"},
}


def test_everything_the_terminal_says_has_words_in_both_languages():
    sources = [Path(module).read_text(encoding="utf-8") for module in (contact_file(), watching_file())]
    calls = r'tell(?:_change\(\s*"\w+",|_line\(|\()\s*("\w+"(?: if [^"]+ else "\w+")?)'
    codes = {code for source in sources for call in re.findall(calls, source) for code in re.findall(r'"(\w+)"', call)}
    assert {"kept", "camera_lost", "no_hall", "way_out_open"} <= codes
    for language in ("zh", "en"):
        for code in codes | {"stranger", "uncertain"}:
            stage = Stage(language, Screen().clocks, EAST, None)
            stage.hear(Happening(code, DETAILS.get(code, {})))
            view = stage.view()
            written = [*stage.sentences(), view.hint, view.aside, *(view.pairing or ())]
            assert not [text for text in written if re.search(r"\{\w+\}|\b(terminal|kiosk|face|refused)\.", text)], code


def contact_file() -> str:
    from devices.face.terminal import contact

    return contact.__file__


def watching_file() -> str:
    from devices.face.terminal import watching

    return watching.__file__
