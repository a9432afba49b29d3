"""The bodies of the interface, as /api/v1/openapi.json describes them (design: the contract, 5.4 and 5.5)."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """A body with exactly these fields."""

    model_config = ConfigDict(extra="forbid")


class OnMark(Body):
    due: str
    punch: str | None
    late_minutes: int


class OffMark(Body):
    due: str
    punch: str | None
    early_minutes: int


class DaySession(Body):
    session: str
    symbol: str
    on: OnMark | None
    off: OffMark | None
    excuse: str | None


class DaySheet(Body):
    """One person's day at one window."""

    no: str
    name: str | None
    window: str
    date: str
    sessions: list[DaySession]
    unused: list[str]


class AsOf(Body):
    position: int
    recorded_at: str | None


class PolicyName(Body):
    id: str
    version: str
    sha256: str


class Person(Body):
    no: str
    name: str | None
    window: str | None


class Because(Body):
    date: str
    session: str | None
    symbol: str


class OffTheList(Person):
    because: Because


class Lateness(Person):
    date: str
    session: str
    minutes: int
    relief_for: str | None
    evidence: list[str]


class Finding(Body):
    seen_at: str
    window: str | None
    no: str | None
    name: str | None
    code: str
    state: str
    evidence: list[str]


class Line(Body):
    date: str
    rule: str
    points: str
    evidence: list[str]


class Ranked(Person):
    rank: int
    score: str
    deductions: str
    bonus: str
    lines: list[Line]


class Unranked(Body):
    no: str
    name: str | None
    reason: str


class RankedWindow(Body):
    rank: int
    window: str
    score: str
    deductions: str
    bonus: str


class Prize(Body):
    prize: str
    scope: Literal["person", "window"]
    winner: str
    """A staff number, or a window."""
    name: str


class OpenQuestion(Body):
    kind: str
    subject: str
    since: str | None
    detail: Any


class Month(Body):
    """A month's lists and ranking, as of a position of the log."""

    month: str
    state: str
    workdays: list[str]
    as_of: AsOf
    policy: PolicyName
    full_attendance: list[Person]
    off_the_list: list[OffTheList]
    lateness: list[Lateness]
    findings: list[Finding]
    ranking: list[Ranked]
    unranked: list[Unranked]
    windows: list[RankedWindow]
    prizes: list[Prize]
    open_questions: list[OpenQuestion]


class FactVersion(Body):
    """One version of a fact, as the log holds it."""

    id: str
    version: int
    position: int
    topic: str
    recorded_at: str
    actor: str
    hash: str
    fields: dict[str, Any]
    raw: str | None


class Terminal(Body):
    sn: str
    family: str
    name: str
    zone: int | None
    place: str
    state: Literal["accepted", "waiting", "suspended", "replaced"]
    address: str | None
    since: str
    last_punch_at: str | None
    punches: int


class Acceptance(Body):
    """How the administrator trusts a waiting terminal."""

    family: str = "zkteco"
    zone: str = "+08:00"
    name: str = ""


class ProblemDetails(Body):
    """RFC 9457. `detail` is a sentence for people, `code` a word for programs."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    column: str | None = None
