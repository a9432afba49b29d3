"""Files of punches over the page: looked at first, taken in once, wrong ones answered with a sentence."""

import re
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import httpx
import pytest
from openpyxl import Workbook
from sites import Site, form_token, site_opened
from test_clocking_sheets import DINGTALK_HEAD, ding

from api.uploads import LARGEST, MOST_BYTES, Uploads, shown_name
from attendance import terminals
from attendance.facts import Refused
from attendance.punches import AttlogImported, Punched

OLD_XLS = (Path(__file__).parent / "zktime.xls").read_bytes()
ATTLOG = b"        1\t2026-03-02 08:51:00\t1\t0\t1\t0\r\n      102\t2000-01-01 00:00:12\t1\t0\t1\t0\r\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_opened(tmp_path_factory.mktemp("uploads")) as opened:
        for sn, family in (("DT1", "dingtalk"), ("ZT1", "zktime"), ("HK1", "hikvision")):
            opened.hall.decide(partial(terminals.accept, sn=sn, family=family), "office")
        yield opened


@pytest.fixture
def browser(site: Site) -> Iterator[httpx.Client]:
    with site.browser("office") as client:
        yield client


def look(browser: httpx.Client, content: bytes, terminal: str, name: str = "打卡.dat") -> httpx.Response:
    form = {"csrf": form_token(browser, "/uploads"), "terminal": terminal}
    return browser.post("/uploads", data=form, files={"file": (name, content)})


def take(browser: httpx.Client, looked: httpx.Response) -> httpx.Response:
    word = re.search(r'action="/uploads/([^"]+)"', looked.text)
    csrf = re.search(r'name="csrf" value="([0-9a-f]{64})"', looked.text)
    assert word, looked.text
    assert csrf
    return browser.post(f"/uploads/{word[1]}", data={"csrf": csrf[1]})


def plain(answer: httpx.Response) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", answer.text))


def dingtalk(*rows: list) -> bytes:
    book, out = Workbook(), BytesIO()
    for row in (["原始记录"], [], DINGTALK_HEAD, *rows):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def imported(site: Site, sn: str) -> list[Punched]:
    entries = (row.entry().fact for row in site.hall.store.read(0, 1_000_000))
    return [fact for fact in entries if isinstance(fact, Punched) and fact.terminal == sn]


def test_a_usb_export_is_looked_at_then_taken_in_once(site: Site, browser: httpx.Client):
    before = len(imported(site, "A001"))
    looked = look(browser, ATTLOG, "A001")
    assert "认作中控终端U盘导出" in plain(looked)
    assert "太早" in plain(looked)
    assert len(imported(site, "A001")) == before
    done = take(browser, looked)
    assert "新打卡1" in plain(done)
    assert len(imported(site, "A001")) == before + 1
    assert "已经导入过" in take(browser, looked).text
    assert "已有的1" in plain(take(browser, look(browser, ATTLOG, "A001")))
    entry = [row for row in site.hall.store.read(0, 1_000_000) if row.topic == AttlogImported.topic][-1]
    assert entry.actor == "user:office"


def test_what_the_header_was_taken_for_and_what_people_edited_is_shown(site: Site, browser: httpx.Client):
    rows = (
        ding("0101", "2026-03-02 08:58"),
        ding("102", "2026-03-02 08:59", "管理员补卡", note="忘记打卡"),
        ding("102", "", "缺卡"),
        ding("102", "昨天"),
        ding("555", "2026-03-02 12:01"),
    )
    looked = look(browser, dingtalk(*rows), "DT1", "原始记录.xlsx")
    text = plain(looked)
    assert "打卡3" in text
    assert "D工号工号（PIN）" in text
    assert "A姓名不读" in text
    assert "人工改过的打卡1" in text
    assert "没有打卡的行1" in text
    assert "“昨天”不是日期加时间" in text
    assert "不知道是谁的PIN1555" in text
    assert "钱桐雅" in text
    assert "欧阳若棠" not in text
    assert "新打卡3" in plain(take(browser, looked))
    day = plain(browser.get("/months/2026-03/people/102"))
    assert "08:59:00人工修改" in day
    assert day.count("人工修改") == 1
    edited = [punch for punch in imported(site, "DT1") if punch.edited]
    assert [(punch.pin, str(punch.at)) for punch in edited] == [("102", "2026-03-02 08:59:00")]


def test_an_old_binary_workbook_is_read_as_it_is(site: Site, browser: httpx.Client):
    looked = look(browser, OLD_XLS, "ZT1", "考勤记录.xls")
    assert "认作中控考勤管理系统" in plain(looked)
    assert "新打卡2" in plain(take(browser, looked))
    assert [(punch.pin, str(punch.at)) for punch in imported(site, "ZT1")] == [
        ("101", "2026-03-02 08:55:00"),
        ("102", "2026-03-02 08:57:30"),
    ]


def bomb() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as parts:
        for number in range(3):
            parts.writestr(f"xl/worksheets/sheet{number}.xml", b"\0" * (200 << 20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "terminal", "sentence"),
    [
        (b"", "A001", "文件是空的"),
        (b"x" * (LARGEST + 1), "A001", "最多 20 MB"),
        (b"hello\n", "A001", "不是认识的打卡表"),
        (bytes(range(256)) * 8, "DT1", "UTF-8"),
        (b"PK\x03\x04" + b"x" * 500, "DT1", "工作簿打不开"),
        (OLD_XLS[:3000], "ZT1", "读不出来"),
        (OLD_XLS, "DT1", "登记为 dingtalk"),
        (ATTLOG, "HK1", "不以文件进来"),
        (ATTLOG, "", "没有选终端"),
        (ATTLOG, "ZZZ", "没有登记"),
        (ATTLOG, "<script>", "序列号"),
    ],
)
def test_a_wrong_file_ends_in_a_sentence(browser: httpx.Client, content: bytes, terminal: str, sentence: str):
    answer = look(browser, content, terminal)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "<script>" not in answer.text.replace('<script type="module"', "")


def test_a_zip_that_unpacks_to_more_than_any_workbook_is_refused(browser: httpx.Client):
    content = bomb()
    assert len(content) < 4 << 20
    answer = look(browser, content, "DT1")
    assert (answer.status_code, "600" in answer.text) == (422, True)


def test_no_file_at_all_ends_in_a_sentence(browser: httpx.Client):
    answer = browser.post("/uploads", data={"csrf": form_token(browser, "/uploads"), "terminal": "A001"})
    assert (answer.status_code, "没有选文件" in answer.text) == (422, True)


def test_a_body_without_end_is_cut_off_before_anybody_signed_in(site: Site):
    with site.stranger() as stranger:
        kind = {"Content-Type": "multipart/form-data; boundary=b"}
        head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
        pieces = (b"x" * (1 << 20) if number else head for number in range(40))
        answer = stranger.post("/uploads", content=pieces, headers=kind)
    assert answer.status_code == 413
    assert "太大" in answer.text


def test_a_body_announced_too_large_is_refused_in_a_sentence(site: Site, browser: httpx.Client):
    assert look(browser, b"x" * (25 << 20), "A001").status_code == 413


def test_another_persons_file_cannot_be_taken_in(site: Site, browser: httpx.Client):
    looked = look(browser, ATTLOG, "A001")
    with site.browser("admin") as other:
        word = re.search(r'action="/uploads/([^"]+)"', looked.text)
        assert word
        answer = other.post(f"/uploads/{word[1]}", data={"csrf": form_token(other, "/uploads")})
    assert (answer.status_code, "已经导入过" in answer.text) == (422, True)


def test_a_system_that_never_calls_is_registered_by_the_administrator(site: Site):
    with site.browser("admin") as browser:
        form = {"csrf": form_token(browser, "/uploads"), "family": "wecom", "name": "企业微信"}
        assert browser.post("/uploads/sources", data=form).status_code == 303
        assert "WECOM-1" in browser.get("/uploads").text
        form |= {"family": "zkteco"}
        assert browser.post("/uploads/sources", data=form).status_code == 422


def test_formulas_count_by_their_results_and_one_without_is_refused(site: Site, browser: httpx.Client):
    content = dingtalk(ding("102", "2026-03-05 08:58"), ding('=cmd|"/C calc"!A0', "2026-03-05 08:59"))
    looked = look(browser, content, "DT1")
    assert "公式" in plain(looked)
    assert "打卡1" in plain(looked)


def test_what_waits_is_bounded_and_the_oldest_makes_room():
    desk = Uploads()
    words = [desk.add("a", b"x" * LARGEST, "A001", f"user:{n}") for n in range(MOST_BYTES // LARGEST + 1)]
    with pytest.raises(Refused, match="upload_gone"):
        desk.look(words[0], "user:0")
    assert desk.look(words[-1], f"user:{len(words) - 1}").terminal == "A001"


@pytest.mark.parametrize(
    ("given", "shown"),
    [("C:\\a\\b.dat", "b.dat"), ("../../x", "x"), ("a\0\nb", "ab"), ("", "?"), ("x" * 300, "x" * 120)],
)
def test_a_files_name_is_shown_without_its_way(given: str, shown: str):
    assert shown_name(given) == shown
