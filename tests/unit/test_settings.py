"""Settings from the environment and the command line."""

from pathlib import Path

import pytest

from api.settings import Settings
from attendance.facts import Refused

HALL = Path("hall")


def test_what_is_given_counts_before_the_environment_and_both_before_the_defaults():
    environment = {"MANQIN_PORT": "9000", "MANQIN_LANG": "en", "MANQIN_STORE": "postgresql://there/hall"}
    settings = Settings.of(environment, data=HALL, port=0, store=None)
    assert (settings.port, settings.language, settings.store) == (0, "en", "postgresql://there/hall")
    assert settings.session_idle_minutes == 30
    assert settings.accounts == HALL / "accounts.db"


@pytest.mark.parametrize(
    ("variable", "text"), [("MANQIN_LANG", "fr"), ("MANQIN_PORT", "http"), ("MANQIN_FOLLOW_SECONDS", "soon")]
)
def test_a_value_that_cannot_be_read_names_its_variable(variable: str, text: str):
    with pytest.raises(Refused) as refused:
        Settings.of({variable: text}, data=HALL)
    assert (refused.value.code, refused.value.column) == ("setting_wrong", variable)
