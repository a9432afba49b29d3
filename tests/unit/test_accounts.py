"""Accounts, locks and sessions, with a clock of our own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.accounts import ADMINISTRATOR, Account, Accounts, Origin
from api.roles import Role
from attendance.facts import Refused

MINUTE, HOUR = 60.0, 3600.0
Opened = Callable[[], Accounts]


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    opened = Accounts(
        tmp_path / "accounts.db", idle_seconds=30 * MINUTE, session_seconds=12 * HOUR, clock=clock, key=bytes(32)
    )
    yield opened
    opened.close()


@pytest.fixture
def password(accounts: Accounts) -> str:
    return accounts.make_first()[ADMINISTRATOR]


def refusal(accounts: Accounts, password: str, name: str = ADMINISTRATOR) -> str:
    with pytest.raises(Refused) as refused:
        accounts.check(name, password)
    return refused.value.code


def test_the_first_accounts_are_made_once_with_passwords_nobody_can_guess(accounts: Accounts):
    first = accounts.make_first()
    assert set(first) == {"admin", "security", "auditor", "office"}
    assert all(len(password) >= 16 for password in first.values())
    assert len(set(first.values())) == 4
    assert accounts.make_first() == {}
    expected = Account(ADMINISTRATOR, frozenset({Role.SYSTEM_ADMIN}), origin=Origin.PRINTED)
    assert accounts.check(ADMINISTRATOR, first[ADMINISTRATOR]) == expected


def test_no_password_and_no_token_lies_on_the_disk(accounts: Accounts, password: str, tmp_path: Path):
    token = accounts.sessions.begin(ADMINISTRATOR)
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert password.encode() not in stored
    assert token.encode() not in stored
    assert b"$argon2id$" in stored


def test_only_its_owner_may_read_the_file(accounts: Accounts, tmp_path: Path):
    assert (tmp_path / "accounts.db").stat().st_mode & 0o077 == 0


def test_a_wrong_name_is_refused_like_a_wrong_password(accounts: Accounts, password: str):
    assert refusal(accounts, "wrong") == "sign_in_wrong"
    assert refusal(accounts, password, "nobody") == "sign_in_wrong"


def test_five_failures_in_a_row_lock_the_account_even_for_the_right_password(
    accounts: Accounts, password: str, clock: Clock
):
    codes = [refusal(accounts, f"wrong {number}") for number in range(5)]
    assert codes == ["sign_in_wrong"] * 4 + ["account_locked"]
    assert refusal(accounts, password) == "account_locked"
    clock.now += 15 * MINUTE + 1
    assert accounts.check(ADMINISTRATOR, password)


def test_a_right_password_forgives_the_failures_before_it(accounts: Accounts, password: str):
    for _ in range(2):
        for number in range(4):
            assert refusal(accounts, f"wrong {number}") == "sign_in_wrong"
        assert accounts.check(ADMINISTRATOR, password)


def test_a_session_ends_after_half_an_hour_without_a_page(accounts: Accounts, password: str, clock: Clock):
    token = accounts.sessions.begin(ADMINISTRATOR)
    for _ in range(4):
        clock.now += 29 * MINUTE
        assert accounts.in_session(token)
    clock.now += 31 * MINUTE
    assert accounts.in_session(token) is None


def test_a_session_ends_after_twelve_hours_however_busy(accounts: Accounts, password: str, clock: Clock):
    token = accounts.sessions.begin(ADMINISTRATOR)
    for _ in range(36):
        clock.now += 20 * MINUTE
        assert accounts.in_session(token)
    clock.now += 20 * MINUTE
    assert accounts.in_session(token) is None


def test_an_ended_session_is_nobodys(accounts: Accounts, password: str):
    token = accounts.sessions.begin(ADMINISTRATOR)
    accounts.sessions.end(token)
    assert accounts.in_session(token) is None
    assert accounts.in_session("made up") is None


def test_changing_the_password_ends_every_session(accounts: Accounts, password: str):
    token = accounts.sessions.begin(ADMINISTRATOR)
    accounts.change_password(ADMINISTRATOR, password, "a longer password")
    assert accounts.in_session(token) is None
    assert refusal(accounts, password) == "sign_in_wrong"
    assert accounts.check(ADMINISTRATOR, "a longer password")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{password}", "short", "password_too_short"),
        ("{password}", "{password}", "password_too_easy"),
        ("{password}", "admin-admin-2026", "password_too_easy"),
        ("{password}", "1234567890", "password_too_easy"),
        ("{password}", "ababababababab", "password_too_easy"),
        ("wrong", "a longer password", "sign_in_wrong"),
    ],
)
def test_a_password_is_not_changed_to_a_poor_one_nor_without_the_old(
    accounts: Accounts, password: str, old: str, new: str, code: str
):
    with pytest.raises(Refused) as refused:
        accounts.change_password(ADMINISTRATOR, old.format(password=password), new.format(password=password))
    assert refused.value.code == code
    assert accounts.check(ADMINISTRATOR, password)


def test_a_reset_unlocks_and_gives_a_new_password(accounts: Accounts, password: str):
    for number in range(5):
        refusal(accounts, f"wrong {number}")
    assert accounts.check(ADMINISTRATOR, accounts.reset_password())
    with pytest.raises(Refused):
        accounts.reset_password("nobody")
