"""The demo hall's month, acted out through the real doors: terminals of three makes, a USB stick, the patrol."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from api.demo import sheets
from api.demo.punching import Tap, habits, taps
from api.demo.terminals import MAKES, Way
from api.imports.attlog import import_attlog
from api.imports.folder import load_folder
from attendance import patrol
from attendance.facts import Refused
from attendance.hall import Draft, Hall
from devices.zkteco.simulator import SimulatedTerminal
from projections.ledger import Ledger

STICK, STRANGER = "MQU0004", "MQN0005"
"""The terminal without a network, and the one nobody has accepted."""

Clocks = dict[str, list[Tap]]
"""Terminal -> what was tapped there, in order."""


def load_sheets(hall: Hall, month: str) -> None:
    """What the office knows beforehand: windows, people, leave, reliefs, and the other inputs of the evaluation."""
    with TemporaryDirectory() as folder:
        sheets.write_folder(Path(folder), month)
        report = load_folder(hall, Path(folder))
    if refused := [row.sentence("en") for row in report.refused()]:
        raise AssertionError(refused)


def act(hall: Hall, ledger: Ledger, host: str, port: int, month: str) -> None:
    """Bring the month in. Doing it again adds nothing."""
    knock(host, port)
    bring(Way(hall, host, port), taps(ledger.days(month), habits(sheets.rows("habits.csv", month))), month)
    hall.decide(lambda draft: patrol_the_hall(draft, month), "user:patrol")


def go_on(hall: Hall, ledger: Ledger, host: str, port: int, month: str, now: datetime) -> None:
    """What has been tapped since the month, up to `now` on the hall's clock: everybody comes and goes in time."""
    for later in months_since(month, now):
        try:
            due = ledger.days(later)
        except Refused:
            # The calendar of the year is not out yet: nobody knows who was due.
            return
        tapped = [tap for tap in taps(due, {}) if tap.at <= now]
        bring(Way(hall, host, port, is_worn=False), tapped, month)


def months_since(month: str, now: datetime) -> list[str]:
    """The months after the one shown, the present one last: no more than two, a demo is not left alone for longer."""
    present = now.replace(day=1)
    before = present - timedelta(days=1)
    return [later for later in (f"{before:%Y-%m}", f"{present:%Y-%m}") if later > month]


def bring(way: Way, tapped: Iterable[Tap], month: str) -> None:
    """Every terminal's taps by its own road."""
    families = {row["sn"]: row["family"] for row in sheets.rows("terminals.csv", month)}
    for serial, own in sorted(at_terminals(tapped, month).items()):
        if serial == STICK:
            carry_stick(way.hall, own, month)
        else:
            MAKES[families[serial]](way, serial, own)


def at_terminals(tapped: Iterable[Tap], month: str) -> Clocks:
    """Who taps where: everybody uses the terminal next to their window."""
    terminal_of = {row["window"]: row["sn"] for row in sheets.rows("entrances.csv", month)}
    clocks: Clocks = {}
    for tap in sorted(tapped, key=lambda tap: (tap.at, tap.no)):
        clocks.setdefault(terminal_of[tap.window], []).append(tap)
    return clocks


def knock(host: str, port: int) -> None:
    """A terminal fresh from its box calls, is refused, and stands on the waiting list."""
    SimulatedTerminal(STRANGER, host, port).handshake()


def carry_stick(hall: Hall, tapped: list[Tap], month: str) -> None:
    """The terminal without a network: its export is carried over on a USB stick."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{STICK}_attlog.dat"
        path.write_bytes(export(tapped, month))
        import_attlog(hall, path, STICK)


def export(tapped: list[Tap], month: str) -> bytes:
    """The export's bytes: PINs padded, and begun in the middle, as a ring memory is read out."""
    pin_of = {row["no"]: row["pin"] for row in sheets.rows("pins.csv", month) if row["sn"] == STICK}
    lines = [f"{pin_of[tap.no]:>9}\t{tap.at:%Y-%m-%d %H:%M:%S}\t1\t0\t1\t0" for tap in tapped]
    middle = len(lines) // 2
    return "\r\n".join([*lines[middle:], *lines[:middle], ""]).encode()


def patrol_the_hall(draft: Draft, month: str) -> None:
    """What the inspectors saw, and the one finding that they take back."""
    for row in sheets.rows("findings.csv", month):
        seen_at = datetime.fromisoformat(row["seen_at"])
        patrol.note(
            draft,
            seen_at=seen_at,
            window=row["window"],
            no=row["no"],
            code=row["code"],
            inspector=row["inspector"],
            note=row["note"],
            finding=row["id"],
        )
    for row in sheets.rows("withdrawn.csv", month):
        if draft.book.patrol.state(row["id"]) == "noted":
            patrol.withdraw(draft, finding=row["id"], reason=row["reason"])
