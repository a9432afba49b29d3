"""What python-docx has no words for: fonts for Chinese text, tracking, borders, frames, repeated table heads.

Children of a properties element must stand in the order of the schema, or programs ignore them; `_put` keeps it.
"""

from typing import cast

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tc
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

PARAGRAPH_ORDER = [
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers",
    "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct",
    "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing",
    "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "outlineLvl", "rPr", "sectPr",
]  # fmt: skip
RUN_ORDER = [
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "strike", "color", "spacing", "w", "kern", "position", "sz",
    "szCs", "highlight", "u", "vertAlign", "lang",
]  # fmt: skip
Border = tuple[int, int, str]
"""Width in eighths of a point, distance from the text in points, colour."""


def _put(parent: BaseOxmlElement, order: list[str], name: str, **values: object) -> BaseOxmlElement:
    """The child of that name with these attributes, in its place among its siblings."""
    child: BaseOxmlElement | None = parent.find(qn(f"w:{name}"))
    if child is None:
        child = cast(BaseOxmlElement, OxmlElement(f"w:{name}"))
        later = {qn(f"w:{other}") for other in order[order.index(name) + 1 :]}
        following = next((sibling for sibling in parent if sibling.tag in later), None)
        parent.append(child) if following is None else following.addprevious(child)
    for key, value in values.items():
        child.set(qn(f"w:{key}"), str(value))
    return child


def set_fonts(properties: BaseOxmlElement, font: str) -> None:
    """One font for Chinese and for figures alike, as official documents are set."""
    _put(properties, RUN_ORDER, "rFonts", eastAsia=font, ascii=font, hAnsi=font, hint="eastAsia")


def set_tracking(properties: BaseOxmlElement, tracking: Length) -> None:
    _put(properties, RUN_ORDER, "spacing", val=round(tracking.pt * 20))


def no_auto_space(properties: BaseOxmlElement) -> None:
    """No gap between figures and Chinese: it would break the 28 characters of a line."""
    for name in ("autoSpaceDE", "autoSpaceDN", "snapToGrid"):
        _put(properties, PARAGRAPH_ORDER, name, val=0)


def borders(properties: BaseOxmlElement, **sides: Border) -> None:
    """Rules above (`top`) and below (`bottom`) a paragraph."""
    frame = _put(properties, PARAGRAPH_ORDER, "pBdr")
    for side, border in sides.items():
        width, space, color = border
        _put(frame, ["top", "left", "bottom", "right"], side, val="single", sz=width, space=space, color=color)


def frame_at_foot(line: Paragraph, width: Length, top: Length | None) -> None:
    """Take the paragraph out of the text, to the bottom of the text block, or with its top at a height of it."""
    place: dict[str, object] = {"vAnchor": "margin", "hAnchor": "margin", "xAlign": "center"}
    place |= {"yAlign": "bottom"} if top is None else {"y": round(top.pt * 20)}
    _put(line._p.get_or_add_pPr(), PARAGRAPH_ORDER, "framePr", w=round(width.pt * 20), wrap="notBeside", **place)


def right_tab(line: Paragraph, position: Length) -> None:
    tabs = _put(line._p.get_or_add_pPr(), PARAGRAPH_ORDER, "tabs")
    tab = OxmlElement("w:tab")
    tab.set(qn("w:val"), "right")
    tab.set(qn("w:pos"), str(round(position.pt * 20)))
    tabs.append(tab)


def page_field(run: Run) -> None:
    """The page's number."""
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def fix_columns(table: Table, widths: list[Length]) -> None:
    """Column widths that hold: LibreOffice reads them from the grid, Word from the cells."""
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = width


def fill_cell(cell: CT_Tc, text: str, style: str) -> None:
    """Text in a cell that is new, under a paragraph style."""
    line = cell.p_lst[0]
    line.style = style
    if text:
        line.add_r().text = text


def repeat_as_head(row: _Row) -> None:
    keep_whole(row)
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
