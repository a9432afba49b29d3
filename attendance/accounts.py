"""What became of the accounts that sign in: made, given roles, used, locked. Never a password, code or secret.

The accounts themselves lie beside the log (`api/accounts.py`); their names are pseudonyms.
"""

from typing import TYPE_CHECKING
from uuid import uuid4

from attendance.facts import Fact, Sealed, topic

if TYPE_CHECKING:
    from attendance.hall import Draft, Outcome


@topic("account.set")
class AccountSet(Fact, frozen=True, kw_only=True):
    """An account is as told here: made, given other roles, linked to somebody else, disabled or enabled again."""

    account: str
    roles: tuple[str, ...]
    no: str = ""
    """The staff number whose own records the account sees."""
    unit: str = ""
    """The unit whose people a unit contact sees."""
    disabled: bool = False
    reason: Sealed | None = None

    def key(self) -> tuple[str, ...]:
        return (self.account,)


@topic("account.noted")
class AccountNoted(Fact, frozen=True, kw_only=True):
    """Something happened to an account; the event's actor and moment say by whom and when."""

    event: str
    account: str
    """Empty for a name that is nobody's: what was typed there may have been a password."""
    what: str
    """signed_in, program, failed, locked, signed_out, password_changed, password_reset, second_factor_on,
    second_factor_off, recovery_code, session_ended, signed_for"""
    address: str = ""
    """The network address it came from."""

    def key(self) -> tuple[str, ...]:
        return (self.event,)


def noted(what: str, account: str, address: str = "", event: str = "") -> AccountNoted:
    """A fact of its own each time, or once for an `event` that is named."""
    return AccountNoted(event=event or str(uuid4()), account=account, what=what, address=address)


def set_account(
    draft: "Draft",
    *,
    account: str,
    roles: tuple[str, ...],
    no: str = "",
    unit: str = "",
    disabled: bool = False,
    reason: str = "",
) -> "Outcome":
    """Tell how an account is from now on."""
    sealed = draft.seal(no, reason.strip())
    return draft.record(AccountSet(account=account, roles=roles, no=no, unit=unit, disabled=disabled, reason=sealed))
