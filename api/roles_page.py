"""docs/roles.md, made from the table: `python -m api.roles_page > docs/roles.md`."""

import sys

from api.accounts import FIRST
from api.roles import KEPT_APART, TABLE, Action, Role
from api.text import say

PREFACE = """# Who may do what

This page is made from `api/roles.py` by `python -m api.roles_page > docs/roles.md`; a test compares the two, and
another walks every route as every role. Every page and every path of the interface names one action. A program that
sends its name and password (HTTP Basic) is under the same table. *own*: one's own records, by the staff number the
account is linked to; *unit*: one's own and those of everybody posted for the account's unit; *all*: everybody's. What a
scope hides is neither on pages nor in the interface's JSON.
"""
APART = """
An account may hold several business roles and reaches as far as the widest of them. {apart} are kept apart (三员,
等保 2.0): whoever holds one of them holds no other role. The security administrator makes accounts and sees no
month; the auditor sees who did what and changes nothing; the system administrator runs terminals, brings in their
files and may read the months, to see whether everything came in, but decides, publishes and exports nothing.

## The first accounts

The first start makes these and prints their passwords once. Each has to be changed at the first sign-in on the page;
a program may read with it until then, because whoever sees it printed runs the machine. A password handed out by the
security administrator opens nothing but the page on which it is changed.
"""


def page() -> str:
    """The whole page."""
    roles = list(Role)
    head = ["Action", *(f"{say(f'page.role.{role}', 'zh')} `{role}`" for role in roles)]
    rows = [[_what(action), *(_cell(action, role) for role in roles)] for action in Action]
    apart = ", ".join(f"`{role}`" for role in roles if role in KEPT_APART)
    first = [[f"`{name}`", ", ".join(f"`{role}`" for role in sorted(held))] for name, held in FIRST.items()]
    return "\n".join(
        [PREFACE, *_table(head, rows), APART.format(apart=apart), *_table(["Account", "Roles"], first), ""]
    )


def _what(action: Action) -> str:
    return f"`{action}` {say(f'page.action.{action}', 'zh')} · {say(f'page.action.{action}', 'en')}"


def _cell(action: Action, role: Role) -> str:
    scope = TABLE[action].get(role)
    return scope.name.lower() if scope else ""


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


if __name__ == "__main__":
    sys.stdout.write(page())
