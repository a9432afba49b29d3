"""The correction notice (更正通报): exactly what changed and why, and the bulletin as it reads from now on."""

from typing import Any

from api.documents.annexes import Titled, rule_name, table
from api.documents.bulletin import Block, Bulletin, Paragraph
from api.documents.compose import dressed, sections, title_lines, told_annexes
from api.documents.matter import Matter
from api.documents.naming import printable
from api.documents.public import fit_for_public, praised
from api.documents.says.patrol import code_name
from api.text import say

Json = dict[str, Any]
PRAISE = ("full_attendance", "prizes")


def compose_correction(matter: Matter) -> Bulletin:
    """What changed, before and after, with the corrected bulletin's text and tables as annexes."""
    matter, remarks = fit_for_public(matter)
    shown = [change for change in matter.changes if not matter.public or _is_public(matter, change)]
    whole = "".join(title_lines(matter))
    titled: list[Titled] = [(matter.words.say("correction.table"), [_before_and_after(matter, shown)])] if shown else []
    titled += [(matter.words.say("correction.corrected"), sections(matter)), *told_annexes(matter)]
    title = matter.words.lines("correction.title", title=whole)
    return dressed(matter, title, _body(matter, whole, shown), titled, remarks)


def _body(matter: Matter, whole: str, shown: list[Json]) -> list[Block]:
    words = matter.words
    number, dated = matter.original
    told = [
        words.say(
            "correction.opening",
            title=whole,
            number=f"{matter.style.house.agency_word}{number}",
            dated=words.dated(dated),
        )
    ]
    if matter.reason and not matter.public:
        told.append(words.say("correction.reason", reason=printable(matter.reason)))
    told += [sentence for change in shown if (sentence := _sentence(matter, change))]
    if shown:
        told.append(words.say("correction.changes", count=len(shown)))
    if hidden := len(matter.changes) - len(shown):
        told.append(words.say("correction.counted", count=hidden))
    return [Paragraph(text) for text in told]


def _is_public(matter: Matter, change: Json) -> bool:
    """New praise is public; what a person lost or was charged with is told to that person, as in the bulletin."""
    return (
        change["part"] in PRAISE
        and change["after"] is not None
        and _winner(change) in praised(matter) | _all_windows(matter)
    )


def _all_windows(matter: Matter) -> set[str]:
    return {row["window"] for row in matter.edition["windows"]}


def _winner(change: Json) -> str:
    """Whom a change is about; a prize's subject is the prize and its winner."""
    subject = str(change["subject"])
    return subject.partition(" ")[2] if change["part"] == "prizes" else subject


def _sentence(matter: Matter, change: Json) -> str:
    """The changes that a reader looks for first, in a sentence; the table has all."""
    gained = change["before"] is None
    if change["part"] == "full_attendance" and (gained or change["after"] is None):
        window = change["after"] or change["before"]
        person = matter.naming.at_window(change["subject"], window)
        return matter.words.say("correction.in_full" if gained else "correction.out_of_full", people=person)
    if change["part"] == "prizes":
        prize = str(change["subject"]).partition(" ")[0]
        return matter.words.say(
            "correction.won" if gained else "correction.lost", who=_who(matter, _winner(change)), prize=prize
        )
    return ""


def _who(matter: Matter, subject: str) -> str:
    return matter.naming.alone(subject) if subject in matter.names else printable(subject)


def _before_and_after(matter: Matter, changes: list[Json]) -> Any:
    words = matter.words
    rows = [
        [
            words.say(f"part.{change['part']}"),
            _subject(matter, change),
            _said(matter, change["before"]),
            _said(matter, change["after"]),
        ]
        for change in changes
    ]
    return table(words, "changes", rows, [1.6, 2.6, 3, 3], "clll")


def _subject(matter: Matter, change: Json) -> str:
    """A person, a window, a prize and its winner, somebody's session, or a finding."""
    subject = str(change["subject"])
    if change["part"] == "findings":
        return _finding(matter, subject)
    if change["part"] == "prizes":
        prize, _, winner = subject.partition(" ")
        return f"{prize} {_who(matter, winner)}"
    no, _, rest = subject.partition(" ")
    if rest and change["part"] == "lateness":
        day, _, session = rest.partition(" ")
        return f"{_who(matter, no)} {matter.words.day(day)}{_session(session)}"
    return _who(matter, subject)


def _finding(matter: Matter, fact: str) -> str:
    found = next((row for row in matter.edition["findings"] if row["evidence"][0] == fact), None)
    if found is None:
        return matter.words.say("part.findings")
    who = _who(matter, found["no"]) if found["no"] else printable(found["window"])
    return f"{matter.words.day(found['seen_at'])} {who} {code_name(matter, found['code'])}"


def _said(matter: Matter, value: Any) -> str:
    """What an edition said of a subject, in words."""
    if value is None:
        return matter.words.say("correction.absent")
    if not isinstance(value, dict):
        return _plain(value)
    if "score" in value:
        return _standing(matter, value)
    return f"{matter.words.day(value['date'])}{_session(value['session'])}{value['symbol']}"


def _standing(matter: Matter, value: Json) -> str:
    """A place in a ranking: 名次3，得分98.50，扣分2.00，加分0.50, with what was charged."""
    words, labels = matter.words, matter.words.table("sheets")
    figures = [f"{labels[key]}{value[key]}" for key in ("rank", "score", "deductions", "bonus")]
    charges = [
        f"{words.day(line['date'])}{rule_name(matter, line['rule'])}{line['points']}" for line in value.get("lines", [])
    ]
    return words.clauses([words.say("comma").join(figures), *([words.join(charges)] if charges else [])])


def _plain(value: Any) -> str:
    if isinstance(value, int):
        return say("page.late.minutes", n=value)
    for key in (f"page.finding_state.{value}", f"page.unranked.{value}"):
        if (text := say(key)) != key:
            return text
    return {"person": "√", "window": "√"}.get(str(value), printable(str(value)))


def _session(session: str | None) -> str:
    if not session:
        return ""
    known = say(f"page.session.{session}")
    return printable(session) if known.startswith("page.") else known
