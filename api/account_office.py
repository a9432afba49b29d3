"""What is done to accounts, with the log told of it: by pages, command line and the first start alike."""

from dataclasses import dataclass

from api.accounts import Account, Accounts, Origin
from attendance import known
from attendance.accounts import noted, set_account
from attendance.hall import Hall


def make_first(hall: Hall, accounts: Accounts, origin: Origin = Origin.PRINTED) -> dict[str, str]:
    """The first accounts' passwords by name; none when there are accounts already."""
    passwords = accounts.make_first(origin)
    for name in passwords:
        tell(hall, accounts.find(name), "office")
    return passwords


@dataclass(frozen=True)
class NewAccount:
    """How an account is to be."""

    name: str
    roles: tuple[str, ...]
    no: str = ""
    unit: str = ""
    disabled: bool = False


def make(
    hall: Hall,
    accounts: Accounts,
    actor: str,
    wanted: NewAccount,
    reason: str = "",
    origin: Origin = Origin.HANDED_OUT,
) -> str:
    """A new account's first password. Raises Refused, as for a staff number or a unit that nobody registered."""
    no, unit = linked(hall, wanted.no, wanted.unit)
    password = accounts.make(wanted.name, wanted.roles, no=no, unit=unit, origin=origin)
    tell(hall, accounts.find(wanted.name), actor, reason)
    return password


def alter(hall: Hall, accounts: Accounts, actor: str, wanted: NewAccount, reason: str = "") -> None:
    """Give an account other roles, link it to somebody else, disable it. Raises Refused."""
    no, unit = linked(hall, wanted.no, wanted.unit)
    accounts.alter(wanted.name, wanted.roles, no=no, unit=unit, disabled=wanted.disabled)
    tell(hall, accounts.find(wanted.name), actor, reason)


def linked(hall: Hall, no: str, unit: str) -> tuple[str, str]:
    """The registered staff number and unit meant. Raises Refused."""
    book = hall.book()
    return known.person(book, no) if no.strip() else "", known.unit(book, unit) if unit.strip() else ""


def tell(hall: Hall, account: Account, actor: str, reason: str = "") -> None:
    """Keep in the log how an account is now."""
    hall.decide(
        lambda draft: set_account(
            draft,
            account=account.name,
            roles=tuple(sorted(account.roles)),
            no=account.no,
            unit=account.unit,
            disabled=account.disabled,
            reason=reason,
        ),
        actor,
    )


def reset_password(hall: Hall, accounts: Accounts, actor: str, name: str) -> str:
    """A new first password; the account is unlocked and signed out everywhere. Raises Refused."""
    password = accounts.reset_password(name)
    hall.receive([noted("password_reset", name)], actor)
    return password


def reset_second_factor(hall: Hall, accounts: Accounts, actor: str, name: str) -> None:
    """Ask for no code any more, as when the phone was lost. Raises Refused."""
    accounts.drop_second_factor(name)
    hall.receive([noted("second_factor_off", name)], actor)
