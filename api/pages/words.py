"""The hall's words for ids: sessions, symbols, rules, codes, in the reader's language."""

from typing import NamedTuple
from uuid import UUID

from api.settings import Language
from api.text import catalogue, say
from attendance.book import Book
from attendance.policy import Policy
from attendance.punches import Punched

CLOCK_LETTERS = {
    "√": "ok",
    "迟": "late",
    "早": "early",
    "缺": "missing",
    "旷": "absent",
    "补": "mended",
    "未满月": "partial",
}
KNOWN_SESSIONS = ("am", "pm", "duty")
RULES = ("late", "early", "missing_punch", "absent_half_day", "leave_extra", "rating", "overdue")


class Symbol(NamedTuple):
    """A symbol of a session with what a reader needs to see it: its meaning and how grave it is."""

    sign: str
    meaning: str
    tone: str
    """ok, late, bad or excused: the colour, which never stands alone."""


class Proof(NamedTuple):
    """A fact behind a judgement, by what kind of fact it is."""

    fact: str
    kind: str


class Words:
    """The words of one month's policy in one language."""

    def __init__(self, language: Language, policy: Policy, book: Book) -> None:
        self.language, self.zone = language, policy.meta.timezone
        self._book = book
        self._kinds: dict[str | None, str] = {None: topic_text(Punched.topic, language)}
        self._policy = policy
        self._leave = {leave.symbol: leave.name for leave in policy.leave.types}
        self._symbols: dict[str, Symbol] = {}
        self._rules: dict[str, str] = {}

    def session(self, session: str | None) -> str:
        """上午, 下午, 值班, or the session's own name."""
        if session is None:
            return ""
        return say(f"page.session.{session}", self.language) if session in KNOWN_SESSIONS else session

    def symbol(self, sign: str) -> Symbol:
        if sign not in self._symbols:
            self._symbols[sign] = self._read(sign)
        return self._symbols[sign]

    def _read(self, sign: str) -> Symbol:
        if sign in self._leave:
            return Symbol(sign, self._leave[sign], "excused")
        letters = [sign] if sign in CLOCK_LETTERS else list(sign)
        meanings = [
            say(f"page.symbol.{CLOCK_LETTERS[letter]}", self.language) for letter in letters if letter in CLOCK_LETTERS
        ]
        return Symbol(sign, say("page.symbol.and", self.language).join(meanings) or sign, _tone(sign))

    def legend(self) -> list[Symbol]:
        """Every symbol that this policy can print."""
        signs = ["√", "迟", "早", "缺", "旷", "补", *self._leave]
        return [self.symbol(sign) for sign in signs]

    def rule(self, rule: str) -> str:
        """A score line's rule as the bulletin names it."""
        if rule not in self._rules:
            self._rules[rule] = self._read_rule(rule)
        return self._rules[rule]

    def _read_rule(self, rule: str) -> str:
        kind, _, code = rule.partition(":")
        if kind == "finding":
            return say("page.rule.finding", self.language, name=self.finding(code))
        return say(f"page.rule.{rule}", self.language) if rule in RULES else rule

    def proofs(self, evidence: list[str]) -> list[Proof]:
        """The facts behind a judgement, what was seen first and the arrangements that made it count after it."""
        return [Proof(fact, self._kind(self._book.topic_of(UUID(fact)))) for fact in evidence]

    def _kind(self, topic: str | None) -> str:
        if topic not in self._kinds:
            self._kinds[topic] = topic_text(topic or "", self.language)
        return self._kinds[topic]

    def ties(self) -> str:
        """What decides between equal scores, in turn; nothing where they stay equal."""
        deciding = [name for name in self._policy.ranking.tie_break if name != "score"]
        named = [say(f"page.ranking.tie_{name}", self.language) for name in deciding]
        told = say("value.and", self.language).join(named)
        return say("page.ranking.ties", self.language, rules=told) if named else ""

    def finding(self, code: str) -> str:
        found = self._policy.finding_codes().get(code)
        return found.name if found else code

    def leave(self, type_id: str) -> str:
        found = self._policy.leave_types().get(type_id)
        return found.name if found else type_id


def topic_text(topic: str, language: Language) -> str:
    """What kind of fact it is: 打卡, 请假, 巡查记录."""
    return say(f"page.topic.{topic.replace('.', '_')}", language)


def actor_text(actor: str, language: Language) -> str:
    """Who told the log: 终端 A001, 用户 zhou; the actor itself where there is no word for its kind."""
    kind, _, name = actor.partition(":")
    key = f"page.actor.{kind}"
    return say(key, language, name=name) if key in catalogue(language) else actor


def _tone(sign: str) -> str:
    if set(sign) & {"缺", "旷"}:
        return "bad"
    if set(sign) & {"迟", "早"}:
        return "late"
    return "ok" if sign == "√" else "excused"
