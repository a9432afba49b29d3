"""The bulletin as docx, opened again."""

from io import BytesIO

import pytest
from bulletin_halls import MONTH, opened, publish
from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from api.documents.bulletin import Bulletin, Colophon, Masthead, Paragraph, block_lines
from api.documents.compose import compose
from api.documents.docx import docx
from api.documents.matter import Matter
from api.documents.source import matter_of


@pytest.fixture(scope="module")
def matter(tmp_path_factory: pytest.TempPathFactory) -> Matter:
    with opened(tmp_path_factory.mktemp("docx")) as ledger:
        publish(ledger.hall, ledger)
        return matter_of(ledger, MONTH, style="performance")


@pytest.fixture(scope="module")
def document(matter: Matter) -> DocumentObject:
    return Document(BytesIO(docx(compose(matter))))


def line(document: DocumentObject, start: str):
    return next(paragraph for paragraph in document.paragraphs if paragraph.text.startswith(start))


def font(run) -> str:
    return run._r.rPr.rFonts.get(qn("w:eastAsia"))


def test_it_says_what_the_bulletin_says_word_for_word(matter: Matter, document: DocumentObject):
    told = {paragraph.text for paragraph in document.paragraphs}
    told |= {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert [text for text in block_lines(compose(matter).body) if text not in told] == []
    assert any("<script>alert(1)</script>" in text for text in told)
    assert any("冯〇一" in text and "𠮷舟" in text for text in told)


def test_the_page_is_that_of_the_standard(document: DocumentObject):
    (section,) = document.sections
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.page_width - section.left_margin - section.right_margin == pytest.approx(Mm(156), abs=1000)
    body = line(document, "本月迟到共")
    assert body.paragraph_format.line_spacing == Pt(28.95)
    assert body.paragraph_format.first_line_indent.pt == pytest.approx(31.5)


def test_legal_fonts_are_named(document: DocumentObject):
    assert font(line(document, "本月迟到共").runs[0]) == "仿宋_GB2312"
    assert font(line(document, "一、").runs[0]) == "黑体"
    assert font(line(document, "（一）").runs[0]) == "楷体_GB2312"
    assert font(line(document, "2026年3月政务服务绩效").runs[0]) == "方正小标宋简体"


def test_the_head_is_red_with_a_rule_under_the_number(document: DocumentObject):
    head = line(document, "××政务服务管理办公室")
    assert str(head.runs[0].font.color.rgb) == "E60000"
    rule = line(document, "××政服〔2026〕1号")._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert rule.get(qn("w:color")) == "E60000"


def test_odd_pages_are_numbered_right_and_even_ones_left(document: DocumentObject):
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, side in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        assert footer.paragraphs[0].alignment.name == side
        assert footer.paragraphs[0]._p.xpath(".//w:instrText")[0].text == "PAGE"


def test_annexes_are_real_tables_on_new_pages_whose_heads_repeat(document: DocumentObject):
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["办件量分类", "序号", "单位", "办理总数", "即收即办", "超时"]
    assert table._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None
    assert sum(column.w for column in table._tbl.tblGrid.gridCol_lst) == pytest.approx(Mm(156), rel=0.01)
    assert line(document, "附件").paragraph_format.page_break_before is not True
    label = [paragraph for paragraph in document.paragraphs if paragraph.text == "附件"]
    assert [paragraph.paragraph_format.page_break_before for paragraph in label] == [True]


def test_the_colophon_is_pinned_to_the_foot_with_its_rules(document: DocumentObject):
    foot = next(p for p in document.paragraphs if p.text.endswith("2026年4月7日印发"))
    frame = foot._p.pPr.find(qn("w:framePr"))
    assert (frame.get(qn("w:vAnchor")), frame.get(qn("w:yAlign"))) == ("margin", "bottom")
    assert {side.tag for side in foot._p.pPr.find(qn("w:pBdr"))} == {qn("w:top"), qn("w:bottom")}


def test_copies_stand_over_the_printer_s_row_with_a_thinner_rule_between():
    copies = "甲单位，" * 12
    colophon = Colophon(copies=copies, printed_by="办公室", printed_on="2026年4月7日")
    bulletin = Bulletin(masthead=Masthead(), title=["通报"], body=[], colophon=colophon)
    upper, lower = [
        p for p in Document(BytesIO(docx(bulletin))).paragraphs if p._p.pPr.find(qn("w:framePr")) is not None
    ]
    assert upper.text == f"抄送：{copies}。"
    assert int(upper._p.pPr.find(qn("w:framePr")).get(qn("w:y"))) > Mm(180).pt * 20
    rules = [p._p.pPr.find(qn("w:pBdr")).find(qn("w:top")).get(qn("w:sz")) for p in (upper, lower)]
    assert rules == ["8", "6"]


def test_properties_of_a_paragraph_stand_in_the_schema_s_order(document: DocumentObject):
    from api.documents.ooxml import PARAGRAPH_ORDER

    order = [qn(f"w:{name}") for name in PARAGRAPH_ORDER]
    for properties in document.element.body.iter(qn("w:pPr")):
        places = [order.index(child.tag) for child in properties]
        assert places == sorted(places)


def test_the_file_says_of_itself_which_edition_it_is(document: DocumentObject):
    assert "edition=internal" in document.core_properties.comments
    assert document.core_properties.author == "××政务服务管理办公室"


def test_control_characters_and_markup_in_texts_do_no_harm():
    bulletin = Bulletin(
        masthead=Masthead(number="（讨论稿）"),
        title=["通\x00报"],
        body=[Paragraph("正\x0b文 & <w:p/> ]]>")],
        colophon=Colophon(copies="甲\x1f单位"),
    )
    told = [paragraph.text for paragraph in Document(BytesIO(docx(bulletin))).paragraphs]
    assert "正文 & <w:p/> ]]>" in told
    assert "通报" in told
    assert "抄送：甲单位。" in told
