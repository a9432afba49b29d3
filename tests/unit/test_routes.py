"""The interface for programs: the contract's bodies, as OpenAPI describes them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter
from sites import MONTH, WAITING, Site

from api.documents.making import MEDIA_TYPES
from api.routes.models import DaySheet, FactVersion, Month, Terminal
from projections.ledger import Ledger


def get(site: Site, path: str) -> object:
    with site.program() as program:
        answer = program.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_month_is_the_ledgers_own_word_for_word(site: Site):
    assert get(site, f"/months/{MONTH}") == Ledger(site.hall).month(MONTH)


def test_the_days_are_the_same_by_path_and_by_query(site: Site):
    everyone = get(site, f"/months/{MONTH}/days")
    assert everyone == get(site, f"/days?month={MONTH}") == Ledger(site.hall).days(MONTH)
    hers = get(site, f"/months/{MONTH}/days?no=102")
    assert hers == get(site, f"/days?month={MONTH}&no=102") == [sheet for sheet in everyone if sheet["no"] == "102"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [(f"/months/{MONTH}", Month), (f"/days?month={MONTH}", list[DaySheet]), ("/terminals", list[Terminal])],
)
def test_bodies_are_what_openapi_says(site: Site, path: str, kind: type):
    body = get(site, path)
    assert body
    TypeAdapter(kind).validate_python(body, strict=True)


def test_an_earlier_position_knows_less(site: Site):
    now = get(site, f"/months/{MONTH}")
    earlier = get(site, f"/months/{MONTH}?as_of=8")
    assert earlier["as_of"]["position"] == 8
    assert earlier["as_of"]["position"] < now["as_of"]["position"]
    assert (len(earlier["lateness"]), len(now["lateness"])) == (0, 3)
    assert get(site, f"/months/{MONTH}?as_of={now['as_of']['recorded_at'].replace('+', '%2B')}") == now


@pytest.mark.parametrize("as_of", ["0", "9" * 30, "0001-01-01T00:00", "yesterday"])
def test_a_place_that_the_log_never_had_is_refused(site: Site, as_of: str):
    with site.program() as program:
        answer = program.get(f"/api/v1/months/{MONTH}?as_of={as_of}")
    assert (answer.status_code, answer.json()["code"].rpartition("_")[0]) == (422, "as_of")


def test_a_moment_without_a_zone_is_the_halls_own_time(site: Site):
    now = get(site, f"/months/{MONTH}")
    recorded = datetime.fromisoformat(now["as_of"]["recorded_at"]).astimezone(ZoneInfo("Asia/Shanghai"))
    assert get(site, f"/months/{MONTH}?as_of={recorded.replace(tzinfo=None).isoformat()}") == now


def test_a_line_opens_the_terminals_own_words(site: Site):
    month = get(site, f"/months/{MONTH}")
    late = next(row for row in month["ranking"] if row["no"] == "102")["lines"][0]
    versions = get(site, f"/facts/{late['evidence'][0]}")
    TypeAdapter(list[FactVersion]).validate_python(versions, strict=True)
    assert versions[0]["raw"] == "102\t2026-03-04 09:09:00\t1\t15\t0\t0"
    assert versions[0]["actor"] == "terminal:A001"


MEDIA = {
    ("get", "/api/v1/months/{month}/bulletin"): list(MEDIA_TYPES.values()),
    ("get", "/api/v1/patrol/photos/{sha256}"): ["image/jpeg"],
}
"""What a path gives that is no JSON."""


def test_openapi_names_every_path_its_answer_and_its_problems(site: Site):
    described = get(site, "/openapi.json")["paths"]
    assert set(described) == {
        "/api/v1/months",
        "/api/v1/months/{month}",
        "/api/v1/months/{month}/days",
        "/api/v1/months/{month}/bulletin",
        "/api/v1/days",
        "/api/v1/facts/{fact_id}",
        "/api/v1/terminals",
        "/api/v1/terminals/{sn}/accept",
        "/api/v1/patrol/session",
        "/api/v1/patrol/snapshot",
        "/api/v1/patrol/sync",
        "/api/v1/patrol/photos/{sha256}",
    }
    for path, methods in described.items():
        for verb, method in methods.items():
            assert method["description"], path
            assert {"200", "401", "422"} <= set(method["responses"])
            kinds = MEDIA.get((verb, path), ["application/json"])
            assert all("schema" in method["responses"]["200"]["content"][kind] for kind in kinds)


def test_a_program_accepts_a_waiting_terminal(own_site: Site):
    with own_site.program() as program:
        assert program.post("/api/v1/terminals/NOBODY/accept", json={}).status_code == 404
        wrong = program.post(f"/api/v1/terminals/{WAITING}/accept", json={"zone": "Mars/Olympus"})
        assert wrong.status_code == 422
        answer = program.post(f"/api/v1/terminals/{WAITING}/accept", json={"name": "西门", "zone": "+06:00"})
    assert answer.status_code == 200, answer.text
    row = next(row for row in answer.json() if row["sn"] == WAITING)
    assert (row["state"], row["name"], row["zone"]) == ("accepted", "西门", 360)
    assert own_site.hall.book().terminals.waiting() == []


def test_a_session_may_not_accept_without_the_forms_token(own_site: Site):
    with own_site.browser() as browser:
        assert browser.post(f"/api/v1/terminals/{WAITING}/accept", json={}).status_code == 403
    assert own_site.hall.book().terminals.waiting() != []
