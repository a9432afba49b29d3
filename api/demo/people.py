"""Who may sign in to the demo hall: one account for each role, with new passwords at each start."""

from api import account_office
from api.account_office import NewAccount
from api.accounts import FIRST, Origin
from api.roles import Role
from api.server import Server

OTHERS = (
    NewAccount("contact", (Role.UNIT_CONTACT,), unit="税务局"),
    NewAccount("staff", (Role.STAFF,), no="1003"),
    NewAccount("inspector", (Role.INSPECTOR,)),
)


def ready_sign_ins(server: Server) -> dict[str, str]:
    """Every account's password of this start, by name. They need not be changed: there is nothing to protect."""
    hall, accounts = server.hall, server.accounts
    account_office.make_first(hall, accounts)
    known = {account.name for account in accounts.all()}
    for wanted in OTHERS:
        if wanted.name not in known:
            account_office.make(hall, accounts, "office", wanted)
    return {name: accounts.reset_password(name, Origin.OWN) for name in (*FIRST, *(one.name for one in OTHERS))}
