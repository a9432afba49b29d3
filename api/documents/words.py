"""The wording of a style, and how numbers, dates and lists are written in it."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any

Json = dict[str, Any]


class Words:
    """Sentences by dotted key, filled with details; `always` are the details that every sentence may speak of."""

    def __init__(self, wording: Json, tables: Json, always: Json) -> None:
        self._wording, self._tables, self._always = wording, tables, always

    def fill(self, text: str, /, **details: object) -> str:
        """A sentence with its placeholders filled; the details are text and never read as placeholders."""
        return text.format_map(self._always | {name: str(value) for name, value in details.items()})

    def say(self, key: str, /, **details: object) -> str:
        return self.fill(str(self._value(key)), **details)

    def lines(self, key: str, /, **details: object) -> list[str]:
        """A key that holds several lines."""
        return [self.fill(line, **details) for line in self._value(key)]

    def variant(self, key: str, name: str, /, **details: object) -> str:
        """The sentence for one particular thing where the style has it (`bonus.item_speed_up`), else the common one."""
        own = f"{key}_{name}"
        return self.say(own if name and self._has(own) else key, **details)

    def table(self, name: str) -> Json:
        """Title and column heads of a table."""
        return dict(self._tables[name])

    def _value(self, key: str) -> Any:
        value: Any = self._wording
        for name in key.split("."):
            value = value[name]
        return value

    def _has(self, key: str) -> bool:
        try:
            self._value(key)
        except KeyError:
            return False
        return True

    def join(self, items: Iterable[str]) -> str:
        return self.say("join").join(items)

    def clauses(self, items: Iterable[str]) -> str:
        return self.say("clause").join(items)

    def number(self, n: int) -> str:
        """A whole number below a hundred in characters, as headings number themselves."""
        digits, ten = self.say("numerals"), self.say("ten")
        if n >= 100:
            return str(n)
        tens, ones = divmod(n, 10)
        head = ("" if tens == 1 else digits[tens]) + ten if tens else ""
        return head + (digits[ones] if ones or not tens else "")

    def day(self, iso: str) -> str:
        """2020-11-04 as 11月4日."""
        day = date.fromisoformat(iso[:10])
        return self.say("day", month=day.month, day=day.day)

    def days(self, dates: Iterable[str]) -> str:
        """Several dates: 11月4日、12日、25日; the month is said where it changes."""
        told = []
        for month, same in groupby(sorted(set(dates)), key=lambda iso: iso[:7]):
            first, *rest = same
            told += [self.day(first), *(self.say("day_again", day=int(iso[8:10])) for iso in rest)]
            del month
        return self.join(told)

    def dated(self, iso: str, *, old: bool = False) -> str:
        """A document's date: 2020年12月7日, or in the old style 二〇二〇年十二月七日."""
        if not iso:
            return ""
        day = date.fromisoformat(iso)
        if not old:
            return self.say("dated", year=day.year, month=day.month, day=day.day)
        year = "".join(self.say("numerals")[int(digit)] for digit in str(day.year))
        return self.say("dated_old", year=year, month=self.number(day.month), day=self.number(day.day))


def percent(part: int, whole: int, decimals: int) -> str:
    """A share in percent, rounded half up, without needless zeros: 21.96%, 100%."""
    scaled = Fraction(part * 100 * 10**decimals, whole)
    rounded = int(scaled + Fraction(1, 2)) if scaled >= 0 else -int(-scaled + Fraction(1, 2))
    text = f"{rounded / 10**decimals:.{decimals}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"
