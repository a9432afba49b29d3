"""The policy (考核办法): the hall's rules as data, versioned, in force from a date."""

import re
import tomllib
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, Self, get_args, get_origin

import msgspec

from attendance.facts import Entry, Fact, Refused, topic
from attendance.policy_checks import check
from attendance.shelf import Shelf

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome

FULL_SCORE = Decimal(100)
HALF_DAY = "absent_half_day"
MISSING = re.compile(r"missing required field `(\w+)`")


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A table of the policy file. Only the keys that change a figure are read; `unapplied` names the others."""


class Meta(Section, frozen=True, kw_only=True):
    id: str
    version: str
    effective_from: date
    title: str = ""
    timezone: str = "Asia/Shanghai"


class Base(Section, frozen=True, kw_only=True):
    person: Decimal = FULL_SCORE
    window: Decimal = FULL_SCORE
    category_floor: bool = True
    score_floor: Decimal = Decimal(0)
    decimals: int = 2


class Category(Section, frozen=True, kw_only=True):
    id: str
    weight: Decimal
    name: str = ""


class Composite(Section, frozen=True, kw_only=True):
    daily: Decimal = Decimal(1)
    public_review: Decimal = Decimal(0)
    peer_review: Decimal = Decimal(0)
    public_review_min_samples: int = 1


class Tier(Section, frozen=True, kw_only=True):
    max_minutes: int
    points: Decimal


class Correction(Section, frozen=True, kw_only=True):
    counts_against_full_attendance: bool = True


class Attendance(Section, frozen=True, kw_only=True):
    late_tiers: list[Tier]
    early_tiers: list[Tier]
    missing_punch_points: Decimal
    absent_half_day_points: Decimal
    late_over_is: str = HALF_DAY
    early_over_is: str = HALF_DAY
    open_before_minutes: int = 180
    close_after_minutes: int = 240
    grace_minutes: int = 0
    dedupe_seconds: int = 60
    devices_clock_skew_alert_seconds: int = 60
    correction: Correction = Correction()


class LeaveType(Section, frozen=True, kw_only=True):
    id: str
    name: str
    symbol: str
    present: bool = False
    breaks_full: bool = True
    free_days_per_month: Decimal = Decimal(0)
    points_per_extra_day: Decimal | None = None
    max_minutes: int | None = None
    """The longest outing that an inspector may note as an excuse."""


class Leave(Section, frozen=True, kw_only=True):
    types: list[LeaveType] = []


class Substitute(Section, frozen=True, kw_only=True):
    charge_window_ratio: Decimal = Decimal(1)
    charge_regular_ratio: Decimal = Decimal(1)


class FindingCode(Section, frozen=True, kw_only=True):
    code: str
    name: str
    category: str
    points: Decimal
    window_points: Decimal
    rectify: bool = False
    """Whether the unit is ordered to mend it."""


class Evaluation(Section, frozen=True, kw_only=True):
    levels: list[str] = []
    bad_levels: list[str] = []
    bad_verified_points: Decimal = Decimal(0)
    category: str = "service"
    rectify_workdays: int = 5
    rectify_workdays_max: int = 15


class CaseTimeout(Section, frozen=True, kw_only=True):
    points_per_case: Decimal = Decimal(0)
    category: str = "quality"


class VetoEffects(Section, frozen=True, kw_only=True):
    score_cap: Decimal = Decimal(60)


class Veto(Section, frozen=True, kw_only=True):
    effects: VetoEffects = VetoEffects()
    triggers: list[str] = []


class BonusItem(Section, frozen=True, kw_only=True):
    code: str
    name: str
    points: Decimal
    cap_per_month: Decimal


class BonusTotal(Section, frozen=True, kw_only=True):
    person_cap: Decimal
    window_cap: Decimal
    window_bonus_to_person: str = "full"
    joint_split: Literal["equal"] = "equal"


class Ranking(Section, frozen=True, kw_only=True):
    eligible_min_attended_ratio: Decimal = Decimal(0)
    exclude_new_staff_days: int = 0
    tie_break: list[Literal["score", "deductions_asc", "full_attendance", "bonus_uncapped", "case_volume"]] = []
    publish_top: int = 3
    publish_bottom: int = 3


class Workflow(Section, frozen=True, kw_only=True):
    publicity_workdays: int = 3
    appeal_workdays: int = 3


class Retention(Section, frozen=True, kw_only=True):
    """How long what is no part of the log is kept."""

    photo_days: int = 365


class Prize(Section, frozen=True, kw_only=True):
    name: str
    scope: Literal["person", "window"]
    quota: int | None = None
    quota_ratio: Decimal | None = None
    rule: str = ""


Hours = tuple[str, str]


class Hourly(Section, frozen=True, kw_only=True):
    am: Hours
    pm: Hours


class Summer(Section, frozen=True, kw_only=True):
    start: str = msgspec.field(name="from")
    to: str
    am: Hours
    pm: Hours


class Friday(Section, frozen=True, kw_only=True):
    enabled: bool = False
    weekday: int = 5
    pm_end_earlier_minutes: int = 0


class Schedule(Section, frozen=True, kw_only=True):
    default: Hourly
    summer: Summer | None = None
    friday: Friday = Friday()


class Policy(Section, frozen=True, kw_only=True):
    """A whole policy, checked."""

    meta: Meta
    attendance: Attendance
    bonus_total: BonusTotal
    category: list[Category]
    base: Base = Base()
    composite: Composite = Composite()
    leave: Leave = Leave()
    substitute: Substitute = Substitute()
    finding: list[FindingCode] = []
    evaluation: Evaluation = Evaluation()
    case_timeout: CaseTimeout = CaseTimeout()
    veto: Veto = Veto()
    bonus: list[BonusItem] = []
    ranking: Ranking = Ranking()
    prize: list[Prize] = []
    schedule: Schedule | None = None
    workflow: Workflow = Workflow()
    retention: Retention = Retention()
    sha256: str = ""

    def leave_types(self) -> dict[str, LeaveType]:
        return {leave.id: leave for leave in self.leave.types}

    def finding_codes(self) -> dict[str, FindingCode]:
        return {finding.code: finding for finding in self.finding}

    def bonus_items(self) -> dict[str, BonusItem]:
        return {item.code: item for item in self.bonus}


@topic("policy.adopted")
class PolicyAdopted(Fact, frozen=True, kw_only=True):
    """The hall is judged by this policy from `effective_from` on, until a later one."""

    effective_from: date
    id: str
    version: str
    sha256: str
    text: str

    def key(self) -> tuple[str, ...]:
        return (str(self.effective_from),)


class Policies(Shelf[PolicyAdopted]):
    """The policies of the hall by date."""

    def __init__(self) -> None:
        super().__init__()
        self._read: dict[str, Policy] = {}
        self._texts: dict[str, str] = {}

    def stand_as(self, other: Self) -> None:
        super().stand_as(other)
        self._read, self._texts = other._read, other._texts

    def put(self, entry: Entry[PolicyAdopted]) -> None:
        super().put(entry)
        self._texts[entry.fact.sha256] = entry.fact.text

    def text(self, sha256: str) -> str:
        """A policy that was ever adopted: months it judged are printed by it, though its date has another by now."""
        return self._texts[sha256]

    def in_force(self, month: str) -> Policy:
        """The policy of a month: a month is judged whole by the one in force on its first day.

        Months before the hall's first policy are judged by that first one. Raises Refused when there is none.
        """
        return self._policy(self._entry(month))

    def by_date(self) -> list[Policy]:
        """Every policy of the hall, the earliest first."""
        return [self._policy(entry) for entry in self._entries()]

    def _policy(self, entry: Entry[PolicyAdopted]) -> Policy:
        if entry.fact.sha256 not in self._read:
            self._read[entry.fact.sha256] = adopted_policy(entry.fact.text)
        return self._read[entry.fact.sha256]

    def _entries(self) -> list[Entry[PolicyAdopted]]:
        return sorted(self, key=lambda entry: entry.fact.effective_from)

    def _entry(self, month: str) -> Entry[PolicyAdopted]:
        rows = self._entries()
        if not rows:
            raise Refused("no_policy")
        first_day = date.fromisoformat(f"{month}-01")
        return next((entry for entry in reversed(rows) if entry.fact.effective_from <= first_day), rows[0])

    def entry_in_force(self, month: str) -> Entry[PolicyAdopted]:
        """The fact behind `in_force`, for evidence."""
        return self._entry(month)


def adopt(text: str) -> PolicyAdopted:
    """The fact that a policy is adopted. Raises Refused naming the key at fault."""
    policy = read_policy(text)
    return PolicyAdopted(
        effective_from=policy.meta.effective_from,
        id=policy.meta.id,
        version=policy.meta.version,
        sha256=policy.sha256,
        text=text,
    )


def put_in_force(draft: "Draft", *, text: str) -> "Outcome":
    """Adopt a policy from its own date on; the text already in force is `repeated`."""
    return draft.record(adopt(text))


def read_policy(text: str) -> Policy:
    """Read and check a policy file. Raises Refused naming the key at fault."""
    policy = adopted_policy(text)
    check(policy)
    return policy


def adopted_policy(text: str) -> Policy:
    """A policy as it was adopted: checked then and not again, for a hall must open under checks that came later."""
    try:
        tables = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Refused("policy_not_toml", problem=error) from error
    try:
        policy = msgspec.convert(tables, Policy, strict=False)
    except msgspec.ValidationError as error:
        raise _at_fault(str(error)) from error
    return msgspec.structs.replace(policy, sha256=sha256(text.encode()).hexdigest())


def _at_fault(problem: str) -> Refused:
    """The refusal that names the key of msgspec's ``Object missing required field `id` - at `$.meta` ``."""
    told, _, place = problem.partition(" - at `$")
    key = place.strip("`.")
    if missing := MISSING.search(told):
        key = f"{key}.{missing[1]}".lstrip(".")
        return Refused("policy_key_missing", key, key=key)
    return Refused("policy_key_wrong", key, key=key, problem=told)


def unapplied(text: str) -> list[str]:
    """Every key of a policy file that changes no figure, dotted, in the file's order."""
    return list(dict.fromkeys(_unapplied(tomllib.loads(text), Policy, "")))


def _unapplied(value: Any, kind: Any, path: str) -> list[str]:
    if isinstance(value, list):
        inner = get_args(kind)[0] if get_origin(kind) is list else Any
        return [key for item in value for key in _unapplied(item, inner, path)]
    if not isinstance(value, dict):
        return []
    fields = _fields(kind)
    found: list[str] = []
    for name, inner in value.items():
        here = f"{path}.{name}" if path else name
        found += _unapplied(inner, fields[name], here) if name in fields else [here]
    return found


def _fields(kind: Any) -> dict[str, Any]:
    members = [kind, *get_args(kind)]
    struct = next((m for m in members if isinstance(m, type) and issubclass(m, msgspec.Struct)), None)
    return {f.encode_name: f.type for f in msgspec.structs.fields(struct)} if struct else {}
