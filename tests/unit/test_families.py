"""Every family of terminals has the files that the others have, and stands in every table of families."""

from importlib import import_module
from pathlib import Path

import pytest

from api.doors.following import STREAMS
from api.doors.listening import POSTING
from api.doors.secret_path import FAMILIES as BY_SECRET
from api.doors.secrets import PATHS
from api.doors.visiting import VISITS
from api.imports.punch_file import FAMILIES as BY_FILE
from api.pages.connect import MAKES
from attendance.terminals import FAMILIES
from devices.sheets.known import FORMS

HOME = Path(__file__).parents[2]
OF_EVERY_MAKE = {"push", "pull", "people", "visit", "clock", "simulator", "served"}
OF_POSTING_MAKES = OF_EVERY_MAKE | {"hosts", "stream"}
"""Those that post to a secret path can be told where to, and have a stream for when they cannot."""
NAMED = {
    "push": ("Listening",),
    "pull": ("Reconciliation",),
    "visit": ("Visit",),
    "hosts": ("slots", "listen"),
    "stream": ("TARGET", "SILENCE", "REPLAYS"),
    "simulator": ("SimulatedTerminal", "Mood"),
}


@pytest.mark.parametrize("make", MAKES)
def test_every_make_has_the_agreed_files(make: str) -> None:
    files = {file.stem for file in (HOME / "devices" / make).glob("*.py")}
    assert (OF_POSTING_MAKES if make in BY_SECRET else OF_EVERY_MAKE) - files == set()


@pytest.mark.parametrize("make", BY_SECRET)
@pytest.mark.parametrize("file", NAMED)
def test_the_same_things_have_the_same_names(make: str, file: str) -> None:
    module = import_module(f"devices.{make}.{file}")
    assert [name for name in NAMED[file] if not hasattr(module, name)] == []


def test_the_tables_of_families_agree() -> None:
    assert set(MAKES) == set(PATHS) == set(VISITS)
    assert set(BY_SECRET) == set(POSTING) == set(STREAMS) == set(PATHS) - {"zkteco"}
    assert set(MAKES) | set(BY_FILE) | {"manqin"} == set(FAMILIES)
    assert {family for form in FORMS for family in form.families} == set(BY_FILE)


@pytest.mark.parametrize("file", sorted(OF_POSTING_MAKES))
def test_the_page_that_explains_a_family_names_every_file(file: str) -> None:
    page = (HOME / "docs/terminals.md").read_text(encoding="utf-8").partition("## Adding a family")[2]
    assert f"`{file}.py`" in page
