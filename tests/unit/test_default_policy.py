"""The policy that comes with Manqin."""

import tomllib
from decimal import Decimal

import pytest
from halls import POLICY

from attendance.facts import Refused
from attendance.hall import Hall
from attendance.policy import adopt, read_policy, unapplied


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
    ],
)
def test_a_policy_with_a_mistake_is_refused_with_the_key_named(tmp_path, change: tuple[str, str], code: str):
    assert POLICY.count(change[0]) >= 1
    with pytest.raises(Refused, match=code):
        Hall.found(tmp_path / "hall", POLICY.replace(*change, 1))
    assert not (tmp_path / "hall" / "log.db").exists()
