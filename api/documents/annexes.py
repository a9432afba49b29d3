"""Annexes: the tables behind a bulletin's sentences."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from api.documents.bulletin import Align, Annex, Block, Table
from api.documents.matter import Matter
from api.documents.naming import printable
from api.documents.says.patrol import code_name
from api.documents.says.ranking import band_of
from api.documents.says.volumes import sum_of
from api.documents.words import Words
from api.text import say
from projections.edition import VOLUMES

Json = dict[str, Any]
Titled = tuple[str, list[Block]]


def table(words: Words, name: str, rows: list[list[str]], widths: list[float], aligns: str) -> Table:
    """A table by its name in the style; `aligns` is a letter a column: l, c or r."""
    kinds: dict[str, Align] = {"l": "left", "c": "center", "r": "right"}
    return Table(head=words.table(name)["head"], rows=rows, widths=widths, aligns=[kinds[letter] for letter in aligns])


def table_title(matter: Matter, name: str) -> str:
    return matter.words.fill(matter.words.table(name)["title"])


def ranking(matter: Matter) -> Titled | None:
    """Everybody ranked, in order; of the public edition it is no part."""
    rows = [
        [
            str(row["rank"]),
            printable(row["window"]),
            matter.naming.known(row["no"]),
            row["deductions"],
            row["bonus"],
            row["score"],
        ]
        for row in matter.edition["ranking"]
    ]
    made = table(matter.words, "ranking", rows, [1, 4, 2, 1.5, 1.5, 1.6], "clcrrr")
    return (table_title(matter, "ranking"), [made]) if rows else None


def windows(matter: Matter) -> Titled | None:
    rows = [
        [str(row["rank"]), printable(row["window"]), row["deductions"], row["bonus"], row["score"]]
        for row in matter.edition["windows"]
    ]
    return (
        (table_title(matter, "windows"), [table(matter.words, "windows", rows, [1, 5, 1.5, 1.5, 1.6], "clrrr")])
        if rows
        else None
    )


def lines(matter: Matter) -> Titled | None:
    """Every deduction of everybody ranked."""
    rows = [line for person in matter.edition["ranking"] for line in person_lines(matter, person)]
    return (table_title(matter, "lines"), [lines_table(matter, rows)]) if rows else None


def person_lines(matter: Matter, person: Json) -> list[list[str]]:
    """One person's deductions as rows."""
    name, window = matter.naming.known(person["no"]), printable(person["window"])
    return [
        [matter.words.day(line["date"]), window, name, rule_name(matter, line["rule"]), line["points"]]
        for line in person["lines"]
    ]


def lines_table(matter: Matter, rows: list[list[str]]) -> Table:
    return table(matter.words, "lines", rows, [1.6, 3.2, 1.6, 3.2, 1], "clclr")


def rule_name(matter: Matter, rule: str) -> str:
    """A score line's rule in words: 迟到, 缺卡, 巡查：上班时间玩手机."""
    kind, _, code = rule.partition(":")
    return say("page.rule.finding", name=code_name(matter, code)) if kind == "finding" else say(f"page.rule.{rule}")


def volumes(matter: Matter) -> Titled | None:
    """Case volumes by band, the sum first; units without cases in one row at the end (無办件)."""
    rows = matter.edition["volumes"]
    if not rows:
        return None
    head = matter.words.table("volumes")
    columns = [name for name in VOLUMES if name == "total" or sum_of(rows, name)]
    ordered = sorted(rows, key=lambda row: -row["total"])
    body = [["", "", head["sum"], *(str(sum_of(rows, name)) for name in columns)]]
    body += _banded(matter, [row for row in ordered if row["total"]], columns)
    heads = [*head["head"][:3], *(head["head"][3 + VOLUMES.index(name)] for name in columns)]
    idle = matter.words.join(printable(row["unit"]) for row in rows if not row["total"])
    made = Table(
        head=heads,
        rows=body,
        widths=[1.8, 0.9, 3.2, *[1.2] * len(columns)],
        aligns=["center", "center", "left", *["right"] * len(columns)],  # type: ignore[list-item]
        note=matter.words.say("volumes.no_cases", units=idle) if idle else "",
    )
    return table_title(matter, "volumes"), [made]


def _banded(matter: Matter, rows: list[Json], columns: list[str]) -> list[list[str]]:
    """Rows under their band's name, said once."""
    told, last = [], ""
    for place, row in enumerate(rows, 1):
        band = band_of(matter.tiers.volume_bands, Decimal(row["total"]))
        name = band.name if band else ""
        told.append(
            [
                "" if name == last else name,
                str(place),
                printable(row["unit"]),
                *(str(row[column]) for column in columns),
            ]
        )
        last = name
    return told


ANNEXES: dict[str, Callable[[Matter], Titled | None]] = {
    "ranking": ranking,
    "windows": windows,
    "lines": lines,
    "volumes": volumes,
}


PERSONAL = frozenset({"ranking", "lines"})
"""Annexes that name everybody: no public edition may have them."""


def annexes(words: Words, titled: list[Titled]) -> list[Annex]:
    """Annexes, numbered where there are several."""
    several = len(titled) > 1
    return [
        Annex(
            label=words.say("annex.numbered", n=n) if several else words.say("annex.label"), title=title, blocks=blocks
        )
        for n, (title, blocks) in enumerate(titled, 1)
    ]


def annex_note(words: Words, titled: list[Titled]) -> list[str]:
    """附件：1. … — the list of annexes under the body."""
    if len(titled) == 1:
        return [words.say("annex.note", title=titled[0][0])]
    return [
        words.say("annex.note_first" if n == 1 else "annex.note_next", n=n, title=title)
        for n, (title, _) in enumerate(titled, 1)
    ]
