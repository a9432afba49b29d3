"""Making a month's document, and noting that it left: what the command line and the pages both call."""

from typing import Literal, NamedTuple, get_args

from api.documents.bulletin import Bulletin
from api.documents.matter import Matter
from api.documents.source import Edition, matter_of
from api.text import say
from attendance import audit
from attendance.facts import Refused
from projections.ledger import Ledger

Format = Literal["docx", "pdf", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES: dict[Format, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Asked(NamedTuple):
    """Which document is asked for, and why."""

    month: str
    format: Format
    edition: Edition = "internal"
    style: str = ""
    unit: str = ""
    reason: str = ""

    @property
    def what(self) -> str:
        if self.unit:
            return "unit_sheet"
        return "workbook" if self.format == "xlsx" else "bulletin"


class Made(NamedTuple):
    """A document, ready to be handed over."""

    content: bytes
    name: str
    """A file name without anybody's name in it."""
    media_type: str
    remarks: list[str]
    """What whoever made it should know: fonts that stood in, paragraphs left out."""


def make(ledger: Ledger, asked: Asked, actor: str) -> Made:
    """The document; that it was made is recorded first (who, when, why). Raises Refused with the reason."""
    matter = matter_of(ledger, asked.month, edition=asked.edition, style=asked.style)
    content, remarks = _drawn(matter, asked)
    ledger.hall.decide(
        lambda draft: audit.export(
            draft,
            what=asked.what,
            month=asked.month,
            edition=asked.edition,
            format=asked.format,
            unit=asked.unit,
            reason=asked.reason,
        ),
        actor,
    )
    name = f"{asked.month}-{asked.what.replace('_', '-')}-{asked.edition}.{asked.format}"
    return Made(content, name, MEDIA_TYPES[asked.format], remarks)


def composed(matter: Matter, unit: str = "") -> Bulletin:
    """What the paper says: a unit's sheet, a correction notice, or the bulletin."""
    from api.documents.compose import compose
    from api.documents.correction import compose_correction
    from api.documents.unit_sheet import compose_unit_sheet

    if unit:
        return compose_unit_sheet(matter, unit)
    return compose_correction(matter) if matter.state == "amended" else compose(matter)


def _drawn(matter: Matter, asked: Asked) -> tuple[bytes, list[str]]:
    """The bytes and the remarks. The libraries are loaded only now: the command line must start quickly."""
    if asked.format == "xlsx":
        from api.documents.unit_sheet import check_unit
        from api.documents.workbook import xlsx

        if asked.unit:
            check_unit(matter, asked.unit)
        return xlsx(matter, asked.unit), []
    bulletin = composed(matter, asked.unit)
    if asked.format == "docx":
        from api.documents.docx import docx

        return docx(bulletin), bulletin.remarks
    from api.documents.fonts import fonts_here
    from api.documents.pdf import pdf

    stood_in = [
        say("document.stood_in", role=say(f"document.font.{role}"), family=family)
        for role, family in fonts_here().stood_in.items()
    ]
    return pdf(bulletin, matter.names), [*bulletin.remarks, *stood_in]


def format_of(suffix: str) -> Format:
    """The format of a file's ending. Raises Refused for one that is not made here."""
    for known in FORMATS:
        if suffix.lower().lstrip(".") == known:
            return known
    raise Refused("format_unknown", "format", format=suffix, known=list(FORMATS))
