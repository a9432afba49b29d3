"""docs/events.md says what the code says."""

import subprocess
import sys
from pathlib import Path

from attendance.events import page
from attendance.facts import CATALOGUE

PAGE = Path(__file__).parents[2] / "docs" / "events.md"


def test_the_page_is_the_one_the_code_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m attendance.events > docs/events.md"


def test_every_event_and_every_field_of_it_is_on_the_page() -> None:
    sections = page().split("\n## ")[1:]
    assert [section.split("`")[1] for section in sections] == sorted(CATALOGUE)
    for section in sections:
        fact = CATALOGUE[section.split("`")[1]]
        assert all(f"| `{field}` |" in section for field in fact.__struct_fields__)
        assert fact.__doc__


def test_whoever_opens_a_hall_can_read_every_event_there_is() -> None:
    """A module whose facts the hall does not load would make the log unreadable to it."""
    listing = "from attendance.facts import CATALOGUE; print(*sorted(CATALOGUE))"
    loaded = subprocess.run(
        [sys.executable, "-c", f"import attendance.hall; {listing}"], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == sorted(CATALOGUE)
