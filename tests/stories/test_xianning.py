"""A real month, November 2020 in Xianning, loaded as its office would: the lists are those that were published."""

import json
from pathlib import Path

import pytest

from api.imports.folder import load_folder
from attendance.hall import Hall
from projections.ledger import Ledger

CASE = Path(__file__).parents[2].parent / "shared/cases/xianning-2020-11"


@pytest.mark.skipif(not CASE.is_dir(), reason="the case is not part of the project and is not beside it here")
def test_the_published_month_comes_out(tmp_path: Path) -> None:
    expected = json.loads((CASE / "expected.json").read_text(encoding="utf-8"))
    hall = Hall.found(tmp_path / "hall", (CASE / "policy.toml").read_text(encoding="utf-8"))
    try:
        assert list(load_folder(hall, CASE).refused()) == []
        month = Ledger(hall).month("2020-11")
    finally:
        hall.close()
    ranked = [row["name"] for row in month["ranking"]]
    stood_in = {row["no"] for row in month["unranked"] if row["reason"] == "relief"}
    lateness = [
        [row["date"], row["window"], "替岗" if row["no"] in stood_in else row["name"]] for row in month["lateness"]
    ]
    excellent = [row["winner"] for row in month["prizes"] if row["prize"] == "优秀服务窗口"]
    assert {row["name"] for row in month["full_attendance"]} == set(expected["full_attendance"])
    assert ranked[:3] == expected["ranking_top3"]
    assert set(ranked[-3:]) == set(expected["ranking_bottom3"])
    assert excellent == expected["excellent_windows"]
    assert sorted(lateness) == expected["lateness"]
