"""Each unit's own sheet (单位回执): its people's month, for that unit alone to check, sign and send back."""

from api.documents.annexes import lines_table, person_lines
from api.documents.bulletin import Block, Bulletin, Heading, Masthead, Paragraph, Table
from api.documents.compose import properties
from api.documents.matter import Matter
from api.documents.tallying import signs, tallied
from api.documents.workbook import in_hall_order, people_of
from attendance.facts import Refused


def compose_unit_sheet(matter: Matter, unit: str) -> Bulletin:
    """The sheet of one unit. Raises Refused for a unit without people in the month, and for a public one."""
    numbers = check_unit(matter, unit)
    words = matter.words
    people = in_hall_order(matter, numbers)
    ranked = [row for row in matter.edition["ranking"] if row["no"] in numbers]
    charged = [line for row in ranked for line in person_lines(matter, row)]
    body: list[Block] = [Paragraph(words.say("unit.opening")), Heading(words.say("unit.summary"))]
    body += [_summary(matter, people), Heading(words.say("unit.lines"))]
    body += [lines_table(matter, charged)] if charged else [Paragraph(words.say("unit.no_lines"))]
    body += [Paragraph(words.say(f"unit.{line}")) for line in ("receipt", "signed", "signed_on")]
    return Bulletin(
        masthead=Masthead(number="" if matter.number else words.say(f"draft.{matter.state}")),
        title=words.lines("unit.title"),
        addressees=f"{unit}：",
        body=body,
        issuer=matter.style.house.issuer,
        dated=words.dated(matter.dated),
        properties=properties(matter) | {"unit": unit},
    )


def check_unit(matter: Matter, unit: str) -> set[str]:
    """The staff numbers of a unit. Raises Refused where it has nobody in the month, or the sheet were public."""
    numbers = people_of(matter, unit)
    if not numbers:
        units = sorted({row["unit"] for row in matter.edition["staff"].values()})
        raise Refused("unit_without_people", "unit", unit=unit, month=matter.month, known=units)
    if matter.public:
        raise Refused("unit_sheet_public", "edition", unit=unit)
    return numbers


def _summary(matter: Matter, people: list[str]) -> Table:
    """What was due and how it went, a person a row."""
    shown = signs(matter, set(people))
    rows = []
    for no in people:
        tally = tallied(matter, no)
        rows.append([no, matter.naming.known(no), str(tally.due), *(str(tally.signs.get(sign, 0)) for sign in shown)])
    head = matter.words.table("summary")["head"]
    return Table(
        head=[head[0], head[1], head[3], *shown],
        rows=rows,
        widths=[2, 2.4, 2, *[1.0] * len(shown)],
        aligns=["center", "center", "right", *["right"] * len(shown)],  # type: ignore[list-item]
    )
