"""The short form of `scripts/fuzz`: hostile terminals at every door and on the line, and hostile files."""

from pathlib import Path

import hostile


def test_hostile_terminals_leave_every_door_open_and_the_hall_as_it_was(tmp_path: Path) -> None:
    report = hostile.run(tmp_path, 2, 7)
    assert report.faults == []
    assert report.statuses[200] > 5
    assert report.files["read"] > 0
    assert report.visits.total() > 0
