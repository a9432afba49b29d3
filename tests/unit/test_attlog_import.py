"""USB exports into the log: line by line, again without harm, one with what the network brought."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from api.imports.attlog import Counts, import_attlog
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.punches import AttlogImported, Punched, ReadingQuarantined

MORNING = datetime(2026, 9, 28, 8, 30)
OTHER_FILES = [b"PK\x03\x04" + bytes(range(256)) * 40, "姓名,部门\n甲,乙\n".encode(), b"x" * 100_000]


def export(folder: Path, *lines: str) -> Path:
    file = folder / "1_attlog.dat"
    file.write_bytes("".join(f"{line}\r\n" for line in lines).encode("gb18030"))
    return file


def line(pin: int, minute: int = 0) -> str:
    return f"{pin:>9}\t{MORNING + timedelta(minutes=minute)}\t1\t0\t15\t0"


def facts(hall: Hall, kind: type) -> list:
    return [fact for row in hall.store.read(0, 100_000) if isinstance(fact := row.entry().fact, kind)]


def test_an_export_is_counted_line_by_line(hall: Hall, tmp_path: Path) -> None:
    file = export(tmp_path, line(7), line(8), line(7), "        9\t2000-01-01 00:00:31\t1\t0\t15\t0", "junk", line(9))
    assert import_attlog(hall, file, "a001") == Counts(accepted=3, repeated=1, quarantined=2)
    assert {left.reason for left in facts(hall, ReadingQuarantined)} == {"too_old", "malformed"}
    [note] = facts(hall, AttlogImported)
    assert (note.lines, note.accepted, note.repeated, note.quarantined) == (6, 3, 1, 2)


def test_the_source_is_the_files_hash_and_the_line(hall: Hall, tmp_path: Path) -> None:
    import_attlog(hall, export(tmp_path, line(7), line(8)), "A001")
    [note] = facts(hall, AttlogImported)
    assert [punch.source for punch in facts(hall, Punched)] == [f"sha256:{note.sha256[:16]}#{n}" for n in (1, 2)]
    assert {punch.road for punch in facts(hall, Punched)} == {"usb"}


def test_importing_again_adds_nothing(hall: Hall, tmp_path: Path) -> None:
    file = export(tmp_path, line(7), line(8), "junk")
    import_attlog(hall, file, "A001")
    head = hall.store.head().position
    assert import_attlog(hall, file, "A001") == Counts(accepted=0, repeated=2, quarantined=1)
    assert hall.store.head().position == head


def test_a_name_column_does_not_enter_the_log(hall: Hall, tmp_path: Path) -> None:
    import_attlog(hall, export(tmp_path, f"7\t欧阳若棠\t{MORNING}\t1\t0\t15\t0"), "A001")
    assert len(facts(hall, Punched)) == 1
    for file in hall.folder.data.rglob("*"):
        assert "欧阳若棠".encode() not in file.read_bytes()


def test_a_long_file_is_read_in_pieces(hall: Hall, tmp_path: Path) -> None:
    lines = [line(pin, minute) for minute in range(60) for pin in range(1, 201)]
    assert import_attlog(hall, export(tmp_path, *lines), "A001") == Counts(12_000, 0, 0)


def test_an_unregistered_terminal_is_refused(hall: Hall, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="terminal_unknown"):
        import_attlog(hall, export(tmp_path, line(7)), "B002")


@pytest.mark.parametrize("content", OTHER_FILES)
def test_another_file_is_refused_and_nothing_of_it_stored(hall: Hall, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other.dat"
    file.write_bytes(content)
    head = hall.store.head().position
    with pytest.raises(Refused, match="not_an_attlog"):
        import_attlog(hall, file, "A001")
    assert hall.store.head().position == head


def test_a_file_that_cannot_be_opened_is_refused(hall: Hall, tmp_path: Path) -> None:
    for missing in (tmp_path / "none.dat", tmp_path):
        with pytest.raises(Refused, match="file_unreadable"):
            import_attlog(hall, missing, "A001")


def test_an_empty_export_holds_nothing(hall: Hall, tmp_path: Path) -> None:
    assert import_attlog(hall, export(tmp_path), "A001") == Counts(0, 0, 0)
