"""The terminal's screen as a picture: looked at by its pixels, on screens that lie and that stand."""

import pytest

pytest.importorskip("cv2", reason="the face stack is not installed", exc_type=ImportError)

import numpy as np
from PIL import Image

from api.terminal.layout import Box, keys, layout
from api.terminal.lettering import SMALLEST, Pen, Style, fitting, shortened, width, wrapped
from api.terminal.picture import BAND, DESK, RED, TONES, YELLOW, Painter
from api.terminal.view import Keypad, Line, Pairing, View

SCREENS = [(1366, 768), (1024, 768), (800, 1280)]
LONG_NAME = "阿卜杜热合曼·买买提依明江"
WAITING = View(
    time="08:58:07",
    date="2026年3月4日（星期三）",
    place="一楼东门 MQ-0001",
    line="● 联网",
    is_online=True,
    unsent="",
    aside="",
    hint="请正对镜头",
    kind="",
    step="",
    result=None,
    recent_heading="最近打卡",
    recent=(),
    notice="人脸只用于考勤。",
)
GOOD = Line("王", "综合窗口", "08:58:12", "正常", "上午上班", "good")


def seen(left: int, right: int) -> np.ndarray:
    """A camera's picture with two halves of grey."""
    return np.hstack([np.full((480, 320, 3), grey, np.uint8) for grey in (left, right)])


def share(picture: np.ndarray, box: Box, colour: tuple[int, int, int]) -> float:
    """How much of a box has exactly this colour."""
    part = picture[box.y : box.y + box.height, box.x : box.x + box.width]
    return float((part == colour[::-1]).all(axis=2).mean())


@pytest.mark.parametrize("size", SCREENS)
def test_nothing_overlaps_and_everything_is_on_the_screen(size: tuple[int, int]):
    places = layout(*size)
    boxes = [*places[1:7], *places.cards, places.notice]
    taken = np.zeros(size[::-1], int)
    for box in boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= size[0]
        assert box.y + box.height <= size[1]
        taken[box.y : box.y + box.height, box.x : box.x + box.width] += 1
    assert taken.max() == 1


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("tone", ["good", "late", "plain", "bad"])
def test_a_result_covers_the_camera_in_its_colour(size: tuple[int, int], tone: str):
    painter = Painter(*size)
    picture = painter.paint(WAITING._replace(result=GOOD._replace(tone=tone)), seen(200, 200))
    assert picture.shape == (size[1], size[0], 3)
    assert share(picture, painter.places.stage, TONES[tone]) > 0.6
    assert share(picture, painter.places.stage, (255, 255, 255)) > 0.05
    assert share(picture, painter.places.stage, (200, 200, 200)) == 0


def test_the_camera_is_shown_as_a_mirror():
    painter = Painter(1366, 768)
    picture = painter.paint(WAITING, seen(40, 220))
    stage = painter.places.stage
    assert share(picture, stage.part(0.02, 0.4, 0.1, 0.1), (220, 220, 220)) == 1
    assert share(picture, stage.part(0.88, 0.4, 0.1, 0.1), (40, 40, 40)) == 1


@pytest.mark.parametrize(("kind", "ground"), [("", BAND), ("stop", RED), ("ask", YELLOW)])
def test_what_to_do_next_stands_on_a_band_of_its_own_colour(kind: str, ground: tuple[int, int, int]):
    painter = Painter(1024, 768)
    picture = painter.paint(WAITING._replace(kind=kind), seen(200, 200))
    assert share(picture, painter.places.stage.part(0.03, 0.8, 0.94, 0.17), ground) > 0.7


def test_a_movement_is_shown_on_the_side_to_which_the_person_turns():
    painter = Painter(1366, 768)
    left, right = painter.places.stage.part(0, 0.2, 0.4, 0.5), painter.places.stage.part(0.6, 0.2, 0.4, 0.5)
    picture = painter.paint(WAITING._replace(step="turn_left", kind="ask"), seen(200, 200))
    assert share(picture, left, YELLOW) > 0.05 > 0.01 > share(picture, right, YELLOW)


def test_a_device_that_is_nobodys_shows_its_code_over_the_whole_width():
    painter = Painter(800, 1280)
    pairing = Pairing("", "这台设备还没有配对", "123 456", "请管理员输入上面的数字", "10 分钟内有效")
    picture = painter.paint(WAITING._replace(pairing=pairing), seen(200, 200))
    code = painter.places.main.part(0.05, 0.26, 0.9, 0.36)
    ink = np.flatnonzero((picture[code.y : code.y + code.height] == 255).all(axis=2).any(axis=0))
    assert np.ptp(ink) > 0.8 * painter.places.whole.width
    assert share(picture, painter.places.main, (200, 200, 200)) == 0


def test_every_key_that_is_drawn_can_be_touched_and_none_lies_on_another():
    painter = Painter(1024, 768)
    pad = Keypad("输入退出密码", 3, "", "返回", "下一步")
    picture = painter.paint(WAITING._replace(keypad=pad), None)
    boxes = keys(painter.places.stage)
    assert sorted(boxes) == sorted([*"0123456789", "back", "enter"])
    for key, box in boxes.items():
        middle = box.part(0.25, 0.2, 0.5, 0.6)
        assert share(picture, middle, (255, 255, 255)) > 0.02, key
        assert [other for other, place in boxes.items() if place.holds(box.x + 5, box.y + 5)] == [key]


def test_what_has_not_changed_is_not_drawn_again():
    painter = Painter(1366, 768)
    first = painter.paint(WAITING, seen(40, 220))
    assert painter._still.cache_info().misses == 1
    painter.paint(WAITING._replace(hint="请靠近一些", kind="do"), seen(40, 220))
    assert painter._still.cache_info().misses == 1
    later = painter.paint(WAITING._replace(time="08:58:08"), seen(40, 220))
    clock = painter.places.clock
    assert not np.array_equal(first[clock.y : clock.y + clock.height], later[clock.y : clock.y + clock.height])
    assert (first[0, 0] == DESK[::-1]).all()


def test_a_long_name_becomes_smaller_and_one_that_is_longer_still_is_cut():
    box = Box(0, 0, 300, 60)
    style = fitting(LONG_NAME, box)
    assert SMALLEST < style.size < fitting("王", box).size
    assert width(LONG_NAME, style) <= box.width
    endless = LONG_NAME * 20
    style = fitting(endless, box)
    assert style.size == SMALLEST
    cut = shortened(endless, style, box.width)
    assert (width(cut, style) <= box.width, cut.endswith("…"), endless.startswith(cut[:-1])) == (True, True, True)


def test_lines_break_between_chinese_characters_and_between_words_but_not_before_a_stop():
    style = Style(20)
    for text in (
        "没有认出您。没有登记人脸的，请用别的方式打卡。",
        "Please look straight at the camera, and hold still.",
    ):
        lines = wrapped(text, style, 200)
        assert len(lines) > 1
        assert all(width(line, style) <= 210 for line in lines)
        assert not any(line[0] in "，。,." for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_rare_character_is_drawn_with_another_font_where_one_has_it():
    image = Image.new("RGB", (200, 100))
    Pen(image).put("𠮷 冯 √", Box(0, 0, 200, 100), (255, 255, 255))
    assert np.asarray(image).any()
