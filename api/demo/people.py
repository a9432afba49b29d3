"""Who may sign in to the demo hall: one account for each role, with new passwords at each start."""

from typing import Any

from api import account_office
from api.accounts import FIRST, Origin
from api.roles import Role
from api.server import Server

OTHERS: dict[str, dict[str, Any]] = {
    "contact": {"roles": [Role.UNIT_CONTACT], "unit": "税务局"},
    "staff": {"roles": [Role.STAFF], "no": "1003"},
    "inspector": {"roles": [Role.INSPECTOR]},
}


def ready_sign_ins(server: Server) -> dict[str, str]:
    """Every account's password of this start, by name. They need not be changed: there is nothing to protect."""
    hall, accounts = server.hall, server.accounts
    account_office.make_first(hall, accounts)
    known = {account.name for account in accounts.all()}
    for name, details in OTHERS.items():
        if name not in known:
            account_office.make(hall, accounts, "office", name=name, **details)
    return {name: accounts.reset_password(name, Origin.OWN) for name in (*FIRST, *OTHERS)}
