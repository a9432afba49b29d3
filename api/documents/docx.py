"""The bulletin as docx, for offices that go on editing it.

The legal fonts are named, not embedded: an office's machine has them. LibreOffice swells letters under a docGrid of
lines and characters, so the 28 characters of a line come from a tracking of −0.25 pt, the 22 lines from a fixed pitch.
"""

from collections.abc import Iterable
from io import BytesIO
from math import ceil

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run

from api.documents import ooxml
from api.documents.bulletin import Align, Annex, Block, Bulletin, Colophon, Heading, Masthead, Paragraph, Table
from api.documents.naming import printable

FANGSONG, KAI, HEI, SONG, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"
BODY, SMALL, CELL = Pt(16), Pt(14), Pt(10.5)
HEAD_CELL = "head"
PITCH, TITLE_PITCH = Pt(28.95), Pt(35)
TRACKING = Pt(-0.25)
CHARACTER = Pt(15.75)
TEXT_WIDTH, TEXT_HEIGHT = Mm(156), Mm(225)
COLOPHON_PITCH, RULE_GAP = Pt(18), 3
LETTERHEAD_DROP = Mm(35)
RED = RGBColor(0xE6, 0, 0)
ALIGNS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def docx(bulletin: Bulletin) -> bytes:
    """The document's bytes."""
    document = Document()
    _set_up(document, bulletin)
    _masthead(document, bulletin.masthead)
    if bulletin.masthead.letterhead:
        _line(document)
    _title(document, bulletin.title, Pt(22))
    _body(document, bulletin)
    _signature(document, bulletin)
    early = bulletin.colophon.before_annexes or not bulletin.annexes
    if early:
        _colophon(document, bulletin.colophon)
    for annex in bulletin.annexes:
        _annex(document, annex)
    if not early:
        _colophon(document, bulletin.colophon)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: DocumentObject, bulletin: Bulletin) -> None:
    """Page, page numbers, the normal style, and what the file says of itself."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(23)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], "right")
    _page_number(section.even_page_footer.paragraphs[0], "left")
    normal = document.styles["Normal"]
    normal.font.size = BODY
    ooxml.set_fonts(normal.element.get_or_add_rPr(), FANGSONG)
    _cell_styles(document)
    about = document.core_properties
    about.title, about.author = printable("".join(bulletin.title)), printable(bulletin.issuer)
    about.comments = "; ".join(f"{key}={value}" for key, value in bulletin.properties.items())
    about.language = "zh-CN"


def _cell_styles(document: DocumentObject) -> None:
    """How cells look lies in styles: an empty cell is then no higher than others, and large tables are made quickly."""
    for name, align in (*((side, side) for side in ALIGNS), (HEAD_CELL, "center")):
        style = document.styles.add_style(_cell_style(name), WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.font.size = CELL
        ooxml.set_fonts(style.element.get_or_add_rPr(), HEI if name == HEAD_CELL else FANGSONG)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)
        style.paragraph_format.alignment = ALIGNS[align]


def _cell_style(name: str) -> str:
    return f"Cell{name}"


def _page_number(line: Line, side: Align) -> None:
    """— 1 —: one character from the outer edge, odd pages right, even pages left."""
    line.alignment = ALIGNS[side]
    line.paragraph_format.right_indent = SMALL if side == "right" else None
    line.paragraph_format.left_indent = SMALL if side == "left" else None
    _write(line, "— ", SONG, SMALL)
    ooxml.page_field(_write(line, "", SONG, SMALL))
    _write(line, " —", SONG, SMALL)


def _write(line: Line, text: str, font: str = FANGSONG, size: Length = BODY) -> Run:
    run = line.add_run(printable_line(text))
    run.font.size = size
    ooxml.set_fonts(run._r.get_or_add_rPr(), font)
    if size == BODY:
        ooxml.set_tracking(run._r.get_or_add_rPr(), TRACKING)
    return run


def printable_line(text: str) -> str:
    """Text as XML can hold it; spaces at its ends are meant."""
    return "".join(char for char in text if char.isprintable() or char == "\u3000")


def _line(
    document: DocumentObject, text: str = "", font: str = FANGSONG, *, indent: int = 0, pitch: Length = PITCH
) -> Line:
    line = document.add_paragraph()
    _pitched(line, pitch)
    line.paragraph_format.first_line_indent = Length(indent * CHARACTER) if indent else None
    if text:
        _write(line, text, font)
    return line


def _pitched(line: Line, pitch: Length) -> None:
    form = line.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, pitch
    form.space_before = form.space_after = Pt(0)
    ooxml.no_auto_space(line._p.get_or_add_pPr())


def _masthead(document: DocumentObject, head: Masthead) -> None:
    """The red head 35 mm below the top, the number two lines below it, the rule 4 mm below the number."""
    if not head.letterhead:
        if head.number:
            _line(document, head.number).alignment = WD_ALIGN_PARAGRAPH.RIGHT
        return
    name = document.add_paragraph()
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    size = min(Pt(36), Pt(int(TEXT_WIDTH.pt / max(len(head.letterhead), 1))))
    _pitched(name, Pt(size.pt * 1.2))
    name.paragraph_format.space_before = LETTERHEAD_DROP
    run = _write(name, head.letterhead, TITLE, size)
    run.font.color.rgb = RED
    for _ in range(2):
        _line(document)
    number = _line(document, head.number)
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if head.signer:
        ooxml.right_tab(number, TEXT_WIDTH)
        number.alignment = WD_ALIGN_PARAGRAPH.LEFT
        number.add_run("\t")
        _write(number, "签发人：")
        _write(number, head.signer, KAI)
    ooxml.borders(number._p.get_or_add_pPr(), bottom=(16, 11, "E60000"))
    _line(document)


def _title(document: DocumentObject, lines: list[str], size: Length) -> None:
    """小标宋, each line where the style breaks it."""
    for text in lines:
        line = document.add_paragraph()
        _pitched(line, TITLE_PITCH)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.keep_with_next = True
        _write(line, text, TITLE, size)
    _line(document)


def _body(document: DocumentObject, bulletin: Bulletin) -> None:
    if bulletin.addressees:
        _line(document, bulletin.addressees)
    _blocks(document, bulletin.body)
    if bulletin.annex_note:
        _line(document)
    for n, text in enumerate(bulletin.annex_note):
        line = _line(document, text)
        # 附件：1. begins two characters in; the following ones stand under the first number.
        line.paragraph_format.left_indent = Length(int(6.3 * CHARACTER))
        line.paragraph_format.first_line_indent = Length(int((-1.3 if n else -4.3) * CHARACTER))
        line.paragraph_format.keep_with_next = True
    # An issuer alone on a page is not a page.
    document.paragraphs[-1].paragraph_format.keep_with_next = True


def _blocks(document: DocumentObject, blocks: Iterable[Block]) -> None:
    for block in blocks:
        if isinstance(block, Table):
            _table(document, block)
        elif isinstance(block, Heading):
            _line(document, block.text, HEI, indent=2).paragraph_format.keep_with_next = True
        else:
            _paragraph(document, block)


def _paragraph(document: DocumentObject, block: Paragraph) -> None:
    line = _line(document, indent=2)
    line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if block.lead:
        _write(line, block.lead, KAI)
    _write(line, block.text)


def _signature(document: DocumentObject, bulletin: Bulletin) -> None:
    """The issuer two characters from the right, the date beginning two characters right of the issuer."""
    if bulletin.issuer:
        _line(document).paragraph_format.keep_with_next = True
        issuer = _line(document, bulletin.issuer)
        issuer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        room = max(2.0, 4 + _width(bulletin.dated) - _width(bulletin.issuer)) if bulletin.dated else 2.0
        issuer.paragraph_format.right_indent = Length(int(room * CHARACTER))
        if bulletin.dated:
            issuer.paragraph_format.keep_with_next = True
            dated = _line(document, bulletin.dated)
            dated.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            beside = room + _width(bulletin.issuer) - 2 - _width(bulletin.dated)
            dated.paragraph_format.right_indent = Length(int(max(0.0, beside) * CHARACTER))
    if bulletin.publicness:
        _line(document, bulletin.publicness, indent=2)


def _width(text: str) -> float:
    """How many characters wide a line is; figures and Latin letters take half."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def _colophon(document: DocumentObject, colophon: Colophon) -> None:
    """版记 at the foot of the page: frames, because a floating table is not pinned there by every program.

    Each row is a frame of its own, those above the last placed by their height: LibreOffice drops a frame that holds
    several paragraphs with rules.
    """
    if colophon.is_empty:
        return
    rows = [f"抄送：{colophon.copies}。"] if colophon.copies else []
    printed_on = f"{colophon.printed_on}印发" if colophon.printed_on else ""
    rows += [f"{colophon.printed_by}\t{printed_on}"] if colophon.printed_by else []
    heights = [_colophon_lines(text) * COLOPHON_PITCH.pt + RULE_GAP * (3 if text is rows[-1] else 5) for text in rows]
    for n, text in enumerate(rows):
        line = _colophon_row(document, text, is_first=n == 0, is_last=text is rows[-1])
        top = None if text is rows[-1] else Pt(TEXT_HEIGHT.pt - sum(heights[n:]))
        ooxml.frame_at_foot(line, TEXT_WIDTH, top)
    # The frame hangs on the paragraph after it, which must not need a line of its own.
    _pitched(document.add_paragraph(), Pt(1))


def _colophon_lines(text: str) -> int:
    """How many lines a row takes: 29 characters in the first, 26 in those that hang under it."""
    return 1 + max(0, ceil((_width(text) - 29) / 26))


def _colophon_row(document: DocumentObject, text: str, *, is_first: bool, is_last: bool) -> Line:
    """One row: outer rules 0.35 mm, the rule between rows 0.25 mm."""
    line = document.add_paragraph()
    _pitched(line, COLOPHON_PITCH)
    outer, inner = (8, RULE_GAP, "000000"), (6, RULE_GAP, "000000")
    sides = {"top": outer if is_first else inner} | ({"bottom": outer} if is_last else {})
    ooxml.borders(line._p.get_or_add_pPr(), **sides)
    form = line.paragraph_format
    form.left_indent, form.right_indent = Length(4 * SMALL), SMALL
    form.first_line_indent = Length(-3 * SMALL)
    ooxml.right_tab(line, Length(TEXT_WIDTH - SMALL))
    _write_tabbed(line, text)
    return line


def _write_tabbed(line: Line, text: str) -> None:
    """Text with a tab in it, which is an element of its own in the file."""
    for n, piece in enumerate(text.split("\t")):
        if n:
            line.add_run("\t")
        _write(line, piece, FANGSONG, SMALL)


def _annex(document: DocumentObject, annex: Annex) -> None:
    """On a page of its own: 附件1 top left, its title, its blocks."""
    _line(document, annex.label, HEI).paragraph_format.page_break_before = True
    only_tables = all(isinstance(block, Table) for block in annex.blocks)
    _title(document, [annex.title], Pt(18) if only_tables else Pt(22))
    _blocks(document, annex.blocks)


def _table(document: DocumentObject, block: Table) -> None:
    """A real table: its head repeats on every page, and no row is torn."""
    widths = [Length(int(TEXT_WIDTH * width / sum(block.widths))) for width in block.widths]
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    ooxml.fix_columns(table, widths)
    ooxml.repeat_as_head(table.add_row())
    for _ in block.rows:
        ooxml.keep_whole(table.add_row())
    # One pass over the XML rows: asking the library for cells one by one takes time that grows with the square.
    for number, (row, texts) in enumerate(zip(table._tbl.tr_lst, [block.head, *block.rows], strict=True)):
        for column, (cell, text) in enumerate(zip(row.tc_lst, texts, strict=True)):
            ooxml.fill_cell(cell, printable_line(text), _cell_style(block.aligns[column] if number else HEAD_CELL))
    if block.note:
        _write(_line(document), block.note, FANGSONG, CELL)
