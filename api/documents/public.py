"""The public edition: it names only the praised (PIPL 第二十五条: 公开个人信息要有单独同意或法定依据)."""

from dataclasses import replace

from api.documents.matter import Matter
from api.documents.says.attendance import never_late_numbers
from api.documents.says.bonus import praised_by_deed
from api.documents.says.patrol import standing
from api.documents.says.prizes import praised_by_prize
from api.documents.says.ranking import praised_by_rank
from api.text import say


def praised(matter: Matter) -> set[str]:
    """Staff numbers of everyone whom some sentence of the month praises."""
    full = {row["no"] for row in matter.edition["full_attendance"]}
    return (
        full
        | set(never_late_numbers(matter))
        | praised_by_rank(matter)
        | praised_by_prize(matter)
        | praised_by_deed(matter)
    )


def charged(matter: Matter) -> set[str]:
    """Staff numbers of everyone with a deduction, a late arrival or a finding: a text may name them for that."""
    late = {row["no"] for row in matter.edition["lateness"]}
    found = {row["no"] for row in standing(matter) if row["no"]}
    return late | found | {row["no"] for row in matter.edition["ranking"] if row["lines"]}


def fit_for_public(matter: Matter) -> tuple[Matter, list[str]]:
    """The matter without the editor's paragraphs that name somebody not praised alone, and a remark on each of them.

    The internal edition keeps everything. A paragraph is left out whole: what remains of a sentence without its name
    may still say who it was.
    """
    if not matter.public:
        return matter, []
    named = praised(matter) - charged(matter)
    blamed = {name for no, name in matter.names.items() if no not in named and name}
    blamed -= {matter.names.get(no, "") for no in named}
    kept, remarks = {}, []
    for section, texts in matter.paragraphs.items():
        kept[section] = [text for text in texts if not any(name in text for name in blamed)]
        if left_out := len(texts) - len(kept[section]):
            remarks.append(say("document.paragraphs_left_out", section=section, count=left_out))
    return replace(matter, paragraphs=kept, notes={}), remarks
