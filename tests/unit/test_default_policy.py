"""The policy that comes with Manqin."""

import tomllib
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from halls import POLICY

from attendance.facts import Entry, Refused
from attendance.hall import Hall
from attendance.policy import Policies, PolicyAdopted, adopt, read_policy, unapplied


def test_the_default_policy_can_be_adopted_and_its_weights_add_up():
    policy = read_policy(POLICY)
    assert sum(category.weight for category in policy.category) == 100
    assert policy.attendance.late_tiers[-1].max_minutes == 29
    assert policy.bonus_total.person_cap == 5
    assert {leave.symbol for leave in policy.leave.types} == set("公会事病年休婚产丧外")
    assert adopt(POLICY).id == "default-2026"


def test_every_key_is_either_read_or_named_as_not_applied():
    read = read_policy(POLICY)
    named = set(unapplied(POLICY))
    tables = tomllib.loads(POLICY, parse_float=Decimal)
    assert {key for key in tables if not hasattr(read, key)} == {key for key in named if "." not in key}
    for table in ("base", "composite", "attendance", "substitute", "evaluation", "bonus_total", "ranking"):
        section = getattr(read, table)
        ignored = {key for key in tables[table] if not hasattr(section, key)}
        assert ignored == {key.split(".")[1] for key in named if key.startswith(f"{table}.") and key.count(".") == 1}


@pytest.mark.parametrize(
    "key", ["schedule.lunch_duty", "leave.approval", "attendance.punches_per_day", "schedule.saturday"]
)
def test_keys_that_change_no_figure_are_named(key: str):
    assert key in unapplied(POLICY)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("weight = 30", "weight = 31"), "policy_weights"),
        (('code = "sleep"', 'code = "phone"'), "policy_repeats"),
        (("[base]", "[base"), "policy_not_toml"),
        (("missing_punch_points = 2.0", 'missing_punch_points = "two"'), "policy_key_wrong"),
        (("missing_punch_points = 2.0", "missing_punch_points = -2.0"), "policy_negative"),
        (("missing_punch_points = 2.0", "missing_punch_points = nan"), "policy_number"),
        (("person_cap = 5.0", "person_cap = 1e99999999"), "policy_number"),
        (("close_after_minutes = 240", "close_after_minutes = 99999999999"), "policy_number"),
        (("window_points = 1.0", "window_points = -1.0"), "policy_negative"),
        (("decimals = 2", "decimals = 50"), "policy_above"),
        (("quota_ratio = 0.20", "quota_ratio = 20"), "policy_above"),
        (("daily = 0.80", "daily = 0"), "policy_zero"),
        (("Asia/Shanghai", "../../etc/passwd"), "policy_zone"),
        (("quota = 1\n", ""), "policy_quota"),
        (("max_minutes = 10,", "max_minutes = 29,"), "policy_repeats"),
        (('id = "default-2026"', ""), "policy_key_missing.*meta.id"),
        (('symbol = "公"', 'symbol = ""'), "policy_key_missing"),
        (('joint_split = "equal"', 'joint_split = "weighted"'), "policy_key_wrong.*joint_split"),
        (('from = "05-01"', 'from = "02-30"'), "policy_day"),
        (('from = "05-01"', 'from = "11-01"'), "policy_order"),
        (('am = ["09:00", "12:00"]', 'am = ["09:00", "14:00"]'), "policy_order"),
        (("weekday = 5", "weekday = 9"), "policy_weekday"),
        (
            ("enabled = false, weekday = 5, pm_end_", "enabled = true, pm_end_earlier_minutes = 300, not_"),
            "policy_order",
        ),
        (("[base]", "deep = " + "[" * 5000 + "]" * 5000 + "\n[base]"), "policy_not_toml"),
    ],
)
def test_a_policy_with_a_mistake_is_refused_with_the_key_named(tmp_path, change: tuple[str, str], code: str):
    assert POLICY.count(change[0]) >= 1
    with pytest.raises(Refused, match=code):
        Hall.found(tmp_path / "hall", POLICY.replace(*change, 1))
    assert not (tmp_path / "hall" / "log.db").exists()


def test_a_score_may_be_let_fall_below_zero():
    assert read_policy(POLICY.replace("score_floor = 0.0", "score_floor = -50")).base.score_floor == -50


def test_a_hall_opens_under_a_policy_that_later_checks_would_refuse():
    policies = Policies()
    strange = POLICY.replace("weekday = 5", "weekday = 9")
    fact = PolicyAdopted(effective_from=date(2026, 1, 1), id="old", version="1", sha256="", text=strange)
    policies.put(Entry(uuid4(), 1, 1, 0, "office", fact))
    assert policies.in_force("2026-03").schedule is not None
