"""A month's workbook: summary, deductions with their evidence, the month matrix, ranking, windows, volumes."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from api.documents.annexes import rule_name, table_title, volumes
from api.documents.bulletin import Table
from api.documents.compose import properties
from api.documents.matter import Matter
from api.documents.naming import printable
from api.documents.says.attendance import never_late_numbers
from api.documents.says.volumes import sum_of
from api.documents.tallying import Tallied, signs, tallied
from api.documents.xlsx import Cell, Sheet, workbook
from api.text import say
from attendance.localtime import month_days

Json = dict[str, Any]
BAD, LATE, EXCUSED = "#C00000", "#C55A11", "#1F4E79"
"""缺旷, 迟早, leave (ui.md, Conventions)."""


def xlsx(matter: Matter, unit: str = "") -> bytes:
    """The workbook of the hall, or of one unit alone; the public edition holds the praised and no more."""
    labels = matter.words.table("sheets")
    with workbook(properties(matter) | ({"unit": unit} if unit else {}), labels["footer"]) as (book, out):
        for sheet in public_sheets(matter) if matter.public else internal_sheets(matter, unit):
            book.add(sheet)
    return out.getvalue()


def internal_sheets(matter: Matter, unit: str) -> Iterator[Sheet]:
    numbers = people_of(matter, unit)
    yield summary(matter, numbers)
    yield lines(matter, numbers)
    yield matrix(matter, numbers)
    if not unit:
        yield ranking(matter, numbers)
        yield windows(matter)
        yield from volume_sheet(matter)


def public_sheets(matter: Matter) -> Iterator[Sheet]:
    yield praised_people(matter)
    yield from volume_sheet(matter)


def people_of(matter: Matter, unit: str) -> set[str]:
    """Staff numbers of the hall, or of one unit."""
    return {no for no, row in matter.edition["staff"].items() if not unit or row["unit"] == unit}


def in_hall_order(matter: Matter, numbers: set[str]) -> list[str]:
    """By window in the office's own order (机构排序), then by number."""
    staff = matter.edition["staff"]
    order = {window: place for place, window in enumerate(matter.edition["units"])}
    return sorted(numbers, key=lambda no: (order.get(staff[no]["window"], len(order)), staff[no]["window"], no))


def who(matter: Matter, no: str) -> list[Cell]:
    return [no, matter.naming.known(no), printable(matter.edition["staff"][no]["window"])]


def summary(matter: Matter, numbers: set[str]) -> Sheet:
    """One row a person: what was due, how it went sign by sign, and what became of it in the ranking."""
    labels, shown = matter.words.table("sheets"), signs(matter, numbers)
    head = [
        *matter.words.table("summary")["head"],
        *shown,
        *(labels[key] for key in ("full", "rank", "deductions", "bonus", "score", "unit")),
    ]
    ranked = {row["no"]: row for row in matter.edition["ranking"]}
    full = {row["no"] for row in matter.edition["full_attendance"]}
    rows = (
        [
            *who(matter, no),
            *_counts(tallied(matter, no), shown),
            labels["yes"] if no in full else "",
            *_standing(matter, ranked.get(no)),
            printable(matter.edition["staff"][no]["unit"]),
        ]
        for no in in_hall_order(matter, numbers)
    )
    widths = [10, 10, 24, 9, *[5.0] * len(shown), 6, 11, 8, 8, 9, 20]
    return Sheet(labels["summary"], table_title(matter, "summary"), [head], rows, widths, 3, foot=(labels["foot"],))


def _counts(tally: Tallied, shown: list[str]) -> list[Cell]:
    return [tally.due, *(tally.signs.get(sign, 0) for sign in shown)]


def _standing(matter: Matter, row: Json | None) -> list[Cell]:
    if row is None:
        return [matter.words.table("sheets")["unranked"], "", "", ""]
    return [row["rank"], *(float(row[key]) for key in ("deductions", "bonus", "score"))]


def lines(matter: Matter, numbers: set[str]) -> Sheet:
    """Every deduction with the numbers of the facts behind it, which open in the system."""
    labels = matter.words.table("sheets")
    rows = (
        [
            line["date"],
            printable(person["window"]),
            matter.naming.known(person["no"]),
            rule_name(matter, line["rule"]),
            float(line["points"]),
            " ".join(line["evidence"]),
        ]
        for person in matter.edition["ranking"]
        if person["no"] in numbers
        for line in person["lines"]
    )
    head = [*matter.words.table("lines")["head"], labels["evidence"]]
    return Sheet(labels["lines"], table_title(matter, "lines"), [head], rows, [12, 24, 10, 28, 8, 40], 3)


def matrix(matter: Matter, numbers: set[str]) -> Sheet:
    """考勤月历: days across, weekday under the number, a person a row, half-days parted by a stroke."""
    labels = matter.words.table("sheets")
    days = [date.fromordinal(day) for day in month_days(matter.month)]
    who_head = matter.words.table("matrix")["head"]
    heads: list[list[Cell]] = [
        [*who_head, *(day.day for day in days)],
        [*[""] * len(who_head), *(labels["weekdays"][day.weekday()] for day in days)],
    ]
    dates = [day.isoformat() for day in days]
    kept = matter.edition["matrix"]
    rows = (
        [*who(matter, no), *("/".join(kept.get(no, {}).get(day, ())) for day in dates)]
        for no in in_hall_order(matter, numbers)
    )
    legend = matter.words.join(f"{sign} {meaning}" for sign, meaning in meanings(matter).items())
    foot = (matter.words.fill(labels["legend"], symbols=legend), labels["foot"])
    widths = [8, 10, 16, *[4.8] * len(days)]
    title, colors = table_title(matter, "matrix"), _colors(matter, numbers)
    return Sheet(labels["matrix"], title, heads, rows, widths, 3, colors, foot, centered=True)


def meanings(matter: Matter) -> dict[str, str]:
    """Every symbol with its meaning."""
    letters = {"√": "ok", "迟": "late", "早": "early", "缺": "missing", "旷": "absent", "补": "mended"}
    own = {leave.symbol: leave.name for leave in matter.policy.leave.types}
    return {sign: say(f"page.symbol.{key}") for sign, key in letters.items()} | own


def _colors(matter: Matter, numbers: set[str]) -> dict[str, str]:
    """The colour of every cell text that the matrix holds: the gravest of its signs."""
    cells = {"/".join(day) for no in numbers for day in matter.edition["matrix"].get(no, {}).values()}
    leave = {leave.symbol for leave in matter.policy.leave.types}
    found = {}
    for cell in cells:
        if set(cell) & set("缺旷"):
            found[cell] = BAD
        elif set(cell) & set("迟早"):
            found[cell] = LATE
        elif set(cell.split("/")) & leave:
            found[cell] = EXCUSED
    return found


def ranking(matter: Matter, numbers: set[str]) -> Sheet:
    labels = matter.words.table("sheets")
    rows = (
        [
            row["rank"],
            printable(row["window"]),
            matter.naming.known(row["no"]),
            *(float(row[key]) for key in ("deductions", "bonus", "score")),
        ]
        for row in matter.edition["ranking"]
        if row["no"] in numbers
    )
    return Sheet(
        labels["ranking"],
        table_title(matter, "ranking"),
        [matter.words.table("ranking")["head"]],
        rows,
        [8, 28, 12, 10, 10, 10],
        3,
    )


def windows(matter: Matter) -> Sheet:
    labels = matter.words.table("sheets")
    rows = (
        [row["rank"], printable(row["window"]), *(float(row[key]) for key in ("deductions", "bonus", "score"))]
        for row in matter.edition["windows"]
    )
    return Sheet(
        labels["windows"],
        table_title(matter, "windows"),
        [matter.words.table("windows")["head"]],
        rows,
        [8, 30, 10, 10, 10],
        2,
    )


def volume_sheet(matter: Matter) -> Iterator[Sheet]:
    """办件量, where any were reported."""
    told = volumes(matter)
    if told and sum_of(matter.edition["volumes"], "total"):
        title, blocks = told
        made = blocks[0]
        assert isinstance(made, Table)
        rows = ([_number(cell) for cell in row] for row in made.rows)
        name = matter.words.table("sheets")["volumes"]
        heads: list[list[Cell]] = [list(made.head)]
        yield Sheet(name, title, heads, rows, [14, 6, 30, *[10.0] * (len(made.head) - 3)], 3, foot=(made.note,))


def _number(cell: str) -> Cell:
    return int(cell) if cell.isdecimal() else cell


def praised_people(matter: Matter) -> Sheet:
    """The public edition's people: full attendance, and never late."""
    labels = matter.words.table("sheets")
    full = {row["no"] for row in matter.edition["full_attendance"]}
    named = full | set(never_late_numbers(matter))
    rows = (
        [*who(matter, no)[1:], labels["yes"] if no in full else "", labels["yes"] if no not in full else ""]
        for no in in_hall_order(matter, named)
    )
    head = [*matter.words.table("matrix")["head"][1:], labels["full"], labels["never_late"]]
    return Sheet(labels["praised"], table_title(matter, "praised"), [head], rows, [12, 28, 8, 12], 1)
