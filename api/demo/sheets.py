"""The demo hall's own sheets. They lie in `hall/` with dates as placeholders, so that the month can be any past one."""

import csv
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from attendance.calendar import Calendar, built_in

SHEETS = Path(__file__).parent / "hall"
OWN = {"habits.csv", "entrances.csv", "findings.csv", "withdrawn.csv"}
"""What the demo acts out itself, through the doors and commands, instead of loading it."""


def days_of(month: str) -> list[date]:
    first = date.fromisoformat(f"{month}-01")
    days = (first + timedelta(days=n) for n in range(31))
    return [day for day in days if day.month == first.month]


def demo_month(today: date) -> str:
    """The newest month that is over, is in the calendar, and has an adjusted workday to show."""
    adjusted = {f"{day:%Y-%m}" for notice in built_in().values() for day in notice.adjusted_workdays}
    return max(month for month in adjusted if month < f"{today:%Y-%m}")


def placeholders(month: str) -> dict[str, str]:
    """`{w03}` is the month's third workday, `{before_w03}` the day before it, `{adjusted}` an adjusted workday."""
    calendar = Calendar()
    workdays = [day for day in days_of(month) if calendar.is_workday(day)]
    places = {f"w{n:02d}": str(day) for n, day in enumerate(workdays, 1)}
    places |= {f"before_w{n:02d}": str(day - timedelta(days=1)) for n, day in enumerate(workdays, 1)}
    adjusted = next(day for day in workdays if calendar.is_adjusted_workday(day))
    return places | {"month": month, "adjusted": str(adjusted)}


def filled(name: str, month: str) -> str:
    """One sheet's text with the month's dates in it."""
    return (SHEETS / name).read_text(encoding="utf-8").format_map(placeholders(month))


def rows(name: str, month: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(filled(name, month))))


def write_folder(folder: Path, month: str) -> None:
    """Write the sheets that the office loads as a hall folder."""
    for sheet in sorted(SHEETS.glob("*.csv")):
        if sheet.name not in OWN:
            (folder / sheet.name).write_text(filled(sheet.name, month), encoding="utf-8")
