"""The table of roles, cell by cell, over real HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sites import EXAMPLES, Site, form_token

from api.app import ROUTERS
from api.auth import May, open_to_all
from api.kiosk.paired import paired
from api.roles import KEPT_APART, TABLE, Action, Role, Scope, compatible, scope_of
from api.roles_page import page
from attendance.facts import Refused

PAGE = Path(__file__).parents[2] / "docs/roles.md"
UNIT = "公安局"


def calls(dependant: Dependant) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from calls(one)


def routes() -> list[APIRoute]:
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def actions_of(route: APIRoute) -> set[Action]:
    return {call.action for call in calls(route.dependant) if isinstance(call, May)}


def is_open(route: APIRoute) -> bool:
    """Whether it asks for nobody's sign-in: it is open to all, or opens to a paired face terminal alone."""
    return not calls_of(route).isdisjoint({open_to_all, paired})


def calls_of(route: APIRoute) -> set[object]:
    return set(calls(route.dependant))


def test_every_route_names_one_action_or_is_open_to_all():
    for route in routes():
        assert len(actions_of(route)) == (0 if is_open(route) else 1), (route.path, actions_of(route))


def test_what_is_open_to_all_shows_nothing_of_anybody():
    paths = {route.path for route in routes() if open_to_all in calls_of(route)}
    terminal = {"", "/", "/worker.js", "/reader.js", "/manifest.webmanifest", "/pairing", "/pairing/claim", "/state"}
    health, trust = {"/healthz", "/readyz", "/metrics"}, {"/trust", "/trust/ca.crt", "/trust/ca.cer"}
    signing = {"/sign-in", "/sign-in/code", "/sign-out"}
    assert paths <= {f"/terminal{path}" for path in terminal} | health | trust | signing


def test_every_action_has_roles_and_every_role_an_action():
    assert set(TABLE) == set(Action)
    assert all(TABLE.values())
    assert {role for cells in TABLE.values() for role in cells} == set(Role)


@pytest.mark.parametrize("role", list(Role))
def test_every_route_answers_a_role_as_the_table_says(site: Site, role: Role):
    """403 exactly where the table has no cell. Only who may not sends the form's token: the walk does nothing."""
    linked = {"unit": UNIT} if role is Role.UNIT_CONTACT else {}
    name = site.account(f"walks-{role.replace('_', '-')}", role, no="102" if role not in KEPT_APART else "", **linked)
    fact = str(site.hall.book().people.postings("102")[0].id)
    with site.browser(name) as browser:
        token = form_token(browser, "/account")
        for route in routes():
            if is_open(route):
                continue
            (action,) = actions_of(route)
            path = route.path.format(**EXAMPLES | {"fact_id": fact})
            allowed = scope_of([role], action) is not None
            sent = {} if allowed else {"headers": {"X-CSRF-Token": token}, "data": {"csrf": token}}
            for method in route.methods - {"HEAD"}:
                answer = browser.request(method, path, **(sent if method != "GET" else {}))
                assert ("您的角色不能做这件事" in answer.text) != allowed, (method, path, action)
                assert allowed or answer.status_code == 403


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        ([], "role_unknown"),
        (["king"], "role_unknown"),
        (["system_admin", "security_admin"], "roles_kept_apart"),
        (["auditor", "security_admin"], "roles_kept_apart"),
        (["auditor", "staff"], "roles_kept_apart"),
        (["system_admin", "director"], "roles_kept_apart"),
    ],
)
def test_roles_that_must_be_kept_apart_are_refused(roles: list[str], code: str):
    with pytest.raises(Refused) as refused:
        compatible(roles)
    assert refused.value.code == code


def test_business_roles_go_together_and_reach_as_far_as_the_widest():
    held = compatible(["staff", "unit_contact", "director"])
    assert scope_of(held, Action.SEE_MONTH) is Scope.ALL
    assert scope_of([Role.STAFF, Role.UNIT_CONTACT], Action.SEE_MONTH) is Scope.UNIT
    assert scope_of([Role.STAFF], Action.PUBLISH) is None


def test_the_page_about_roles_is_the_table():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m api.roles_page > docs/roles.md"
