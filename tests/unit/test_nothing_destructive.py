"""What destroys records or software at a terminal does not exist in the code, in no family's language."""

import re
from pathlib import Path

import pytest

from devices.zkteco.commands import Command

ROOT = Path(__file__).parents[2]
CODE = [
    file for part in ("attendance", "devices", "projections", "api", "scripts") for file in (ROOT / part).rglob("*.py")
]
WORDS = {
    "ZKTeco, commands": r"CLEAR (?:LOG|DATA|PHOTO|BIODATA|ALL)|DATA DELETE (?:ATTLOG|transaction|\*)|PutFile|"
    r"SHELL [a-z{]|UPGRADE|REBOOT",
    "ZKTeco, everybody": r"DATA DELETE (?:USERINFO|user)(?! (?:P|p)(?:IN|in)=)",
    "ZKTeco, port 4370": r"clear_data|clear_attendance|CMD_CLEAR|poweroff|\.restart\(|CMD_(?:RESTART|POWEROFF)",
    "Hikvision": r"factoryReset|updateFirmware|System/reboot|ClearAttendance|storage/hdd/\d*/format|"
    r"UserInfoDetail|\"mode\": ?\"all\"|FDLib/FDDelete",
    "Dahua": r"removeAll|restoreDefault|recordUpdater|action=(?:remove|clear)&name=AccessControlCardRec|"
    r"magicBox\.cgi\?action=(?:reboot|shutdown)|storageDevice\.cgi|upgrader\.cgi",
}


@pytest.mark.parametrize("family", WORDS)
def test_no_word_that_destroys_is_ever_said_to_a_terminal(family: str) -> None:
    found = {
        f"{file.relative_to(ROOT)}: {said.group()}"
        for file in CODE
        for said in re.finditer(WORDS[family], file.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_no_command_of_port_4370_clears_restarts_or_switches_off() -> None:
    clears, deletes_templates, restarts_or_stops, writes_options = {14, 15, 20, 32, 33}, {19}, {1004, 1005, 1006}, {12}
    assert not set(Command) & (clears | deletes_templates | restarts_or_stops | writes_options)


@pytest.mark.parametrize(
    ("family", "said"),
    [
        ("ZKTeco, commands", "C:1:CLEAR LOG"),
        ("ZKTeco, everybody", "C:1:DATA DELETE USERINFO *"),
        ("ZKTeco, port 4370", "zk.clear_attendance()"),
        ("Hikvision", "PUT /ISAPI/System/factoryReset"),
        ("Dahua", "/cgi-bin/AccessUser.cgi?action=removeAll"),
    ],
)
def test_the_search_finds_what_it_looks_for(family: str, said: str) -> None:
    assert re.search(WORDS[family], said)
