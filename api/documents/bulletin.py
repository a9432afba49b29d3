"""A bulletin, composed: what stands on the paper, in order, before anything decides how it is drawn."""

from typing import Literal

import msgspec

Align = Literal["left", "center", "right"]


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A section's heading (一、 in 黑体)."""

    text: str


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """A paragraph of the body; `lead` is its opening words (（一） in 楷体)."""

    text: str
    lead: str = ""

    @property
    def whole(self) -> str:
        return self.lead + self.text


class Table(msgspec.Struct, frozen=True, tag="table"):
    """A table of an annex: column heads, rows of text, and how wide the columns are to one another."""

    head: list[str]
    rows: list[list[str]]
    widths: list[float]
    aligns: list[Align]
    note: str = ""


Block = Heading | Paragraph | Table


class Annex(msgspec.Struct, frozen=True, kw_only=True):
    """An annex; it begins on a page of its own."""

    label: str
    """附件1"""
    title: str
    blocks: list[Block]


class Masthead(msgspec.Struct, frozen=True, kw_only=True):
    """版头: the red head, if the house uses one, and the number."""

    letterhead: str = ""
    number: str = ""
    """With the agency's word, or the mark of a draft."""
    signer: str = ""


class Colophon(msgspec.Struct, frozen=True, kw_only=True):
    """版记: who gets copies, who issued it and when."""

    copies: str = ""
    printed_by: str = ""
    printed_on: str = ""
    before_annexes: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.copies or self.printed_by)


class Bulletin(msgspec.Struct, frozen=True, kw_only=True):
    """A whole document."""

    masthead: Masthead
    title: list[str]
    """Line by line, as it is to be broken."""
    addressees: str = ""
    body: list[Block]
    annex_note: list[str] = []
    issuer: str = ""
    dated: str = ""
    publicness: str = ""
    """附注, such as （此件公开发布）."""
    annexes: list[Annex] = []
    colophon: Colophon = Colophon()
    properties: dict[str, str] = {}
    """What the file says of itself beside its text: month, state, edition, policy, place in the log."""
    remarks: list[str] = []
    """What whoever makes the document should know and the paper does not say."""

    def text(self) -> str:
        """Everything that is printed, line by line."""
        return "\n".join(line for line in self._lines() if line)

    def _lines(self) -> list[str]:
        head = [self.masthead.letterhead, self.masthead.number, self.masthead.signer, "".join(self.title)]
        tail = [*self.annex_note, self.issuer, self.dated, self.publicness]
        annexes = [line for annex in self.annexes for line in (annex.label, annex.title, *block_lines(annex.blocks))]
        colophon = [self.colophon.copies, self.colophon.printed_by, self.colophon.printed_on]
        return [*head, self.addressees, *block_lines(self.body), *tail, *annexes, *colophon]


def block_lines(blocks: list[Block]) -> list[str]:
    """The text of blocks, a paragraph or a table's row to a line."""
    return [line for block in blocks for line in _lines_of(block)]


def _lines_of(block: Block) -> list[str]:
    if isinstance(block, Table):
        return ["\t".join(row) for row in (block.head, *block.rows)] + [block.note]
    return [block.whole if isinstance(block, Paragraph) else block.text]
