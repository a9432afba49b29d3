"""The bulletin as PDF: what is read from it again, and what is refused rather than printed blank."""

from io import BytesIO
from time import monotonic

import msgspec
import pytest
from bulletin_halls import MONTH, STAFF, opened, publish
from pypdf import PdfReader

from api.documents.bulletin import Annex, Bulletin, Colophon, Masthead, Paragraph, Table
from api.documents.compose import compose
from api.documents.fonts import fonts_here
from api.documents.matter import Matter
from api.documents.pdf import pdf
from api.documents.source import matter_of
from attendance.facts import Refused

A4 = (595, 842)
FIGURE = 2.0
"""Seconds for a month's bulletin (issue 3, Figures)."""
NAMES = {no: name for no, (name, _) in STAFF.items()}


@pytest.fixture(scope="module")
def matter(tmp_path_factory: pytest.TempPathFactory) -> Matter:
    with opened(tmp_path_factory.mktemp("pdf")) as ledger:
        publish(ledger.hall, ledger)
        return matter_of(ledger, MONTH, style="performance")


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def text_of(content: bytes) -> str:
    """What stands on the pages, without the spaces and line ends of the layout."""
    return "".join("".join(page.extract_text().split()) for page in read(content).pages)


def with_text(text: str) -> Bulletin:
    return Bulletin(masthead=Masthead(), title=["通报"], body=[Paragraph(text)])


def has_rare_font() -> bool:
    return not fonts_here().lacking("𠮷")


def test_the_pdf_says_what_the_bulletin_says_on_a4_with_numbered_pages(matter: Matter):
    if not has_rare_font():
        pytest.skip("no font of this machine has 𠮷; that it is then refused is tested below")
    started = monotonic()
    content = pdf(compose(matter), matter.names)
    assert monotonic() - started < 3 * FIGURE
    text = text_of(content)
    for expected in (
        "××政服〔2026〕1号",
        "杨濛",
        "冯〇一",
        "𠮷舟",
        "社保窗口周可（工号0105）",
        "2026年4月7日印发",
        "—1—",
    ):
        assert expected in text
    assert "<script>alert(1)</script>" in text.replace("\u200b", "")
    for page in read(content).pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == A4


def test_the_file_says_of_itself_which_edition_it_is(matter: Matter):
    bulletin = emptied(compose(matter))
    about = read(pdf(bulletin, {})).metadata
    assert about is not None
    assert about.author == "××政务服务管理办公室"
    assert "edition=internal" in about.get("/Keywords", "")
    assert "state=published" in about.get("/Keywords", "")
    assert f"fangsong: {fonts_here().families['fangsong'][0]}" in about.get("/Keywords", "")


def emptied(bulletin: Bulletin) -> Bulletin:
    """The same bulletin with nothing in its body, for machines without rare fonts."""
    return msgspec.structs.replace(bulletin, body=[], annexes=[])


MARKUP = [
    '#panic("x")',
    "*粗* _斜_ $x$ @ref <label> \\ #import",
    '#read("/etc/hostname")',
    "{bulletin}",
    "[]",
    "//注释",
]


@pytest.mark.parametrize("text", MARKUP)
def test_nothing_in_a_text_is_read_as_markup(text):
    assert "".join(text.split()) in text_of(pdf(with_text(text), {})).replace("\u200b", "")


def test_a_character_no_font_has_is_refused_with_whose_name_holds_it():
    package = fonts_here(system=False)
    with pytest.raises(Refused) as refused:
        pdf(with_text("公安窗口𠮷舟"), NAMES, package)
    assert refused.value.code == "unprintable"
    assert refused.value.details == {"characters": "𠮷（U+20BB7）", "staff": ["0104"]}


def test_fonts_of_the_package_alone_print_a_bulletin():
    assert "杨濛冯〇一" in text_of(pdf(with_text("杨濛冯〇一"), NAMES, fonts_here(system=False)))


def test_a_machine_without_any_font_is_told_so():
    package = fonts_here(system=False)
    none = package._replace(families={**package.families, "kai": []})
    with pytest.raises(Refused, match="no_fonts"):
        pdf(with_text("通报"), {}, none)


def test_an_annex_begins_a_page_and_its_table_head_is_repeated():
    rows = [[str(n), "税务窗口"] for n in range(120)]
    table = Table(head=["名次", "窗口"], rows=rows, widths=[1, 3], aligns=["center", "left"])
    annex = Annex(label="附件", title="窗口表", blocks=[table])
    bulletin = Bulletin(
        masthead=Masthead(),
        title=["通报"],
        body=[Paragraph("正文。")],
        annexes=[annex],
        colophon=Colophon(copies="各单位"),
    )
    first, *others = ["".join(page.extract_text().split()) for page in read(pdf(bulletin, {})).pages]
    assert "正文" in first
    assert "附件" not in first
    assert len(others) > 2
    assert all("名次窗口" in page for page in others)
    assert "抄送：各单位。" in others[-1]


def test_the_colophon_may_stand_before_the_annexes():
    annex = Annex(label="附件", title="窗口表", blocks=[Paragraph("表。")])
    colophon = Colophon(copies="各单位", before_annexes=True)
    bulletin = Bulletin(masthead=Masthead(), title=["通报"], body=[], annexes=[annex], colophon=colophon)
    first, second = [page.extract_text() for page in read(pdf(bulletin, {})).pages]
    assert "抄送" in first
    assert "抄送" not in second


def test_a_line_holds_twenty_eight_characters_and_a_page_twenty_two_lines():
    body = [Paragraph("一" * 28 * 30)]
    page = read(pdf(Bulletin(masthead=Masthead(), title=["题"], body=body), {})).pages[1]
    lines = [line for line in page.extract_text().splitlines() if "一" in line]
    assert [len(line.strip()) for line in lines[:-1]] == [28] * (len(lines) - 1)
    long = Bulletin(masthead=Masthead(), title=["题"], body=[Paragraph("一" * 28 * 60)])
    assert len([line for line in read(pdf(long, {})).pages[1].extract_text().splitlines() if "一" in line]) == 22
