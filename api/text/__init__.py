"""The sentences people see, by key: Chinese in the files of `zh`, English in those of the same names in `en`."""

import os
import tomllib
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any

from attendance.facts import Refused

DEFAULT = "zh"
LANGUAGES = (DEFAULT, "en")


def language() -> str:
    """The language of the command line: MANQIN_LANG, Chinese unless it names another one we have."""
    chosen = os.environ.get("MANQIN_LANG", DEFAULT)
    return chosen if chosen in LANGUAGES else DEFAULT


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every sentence of a language, under its dotted key."""
    sentences: dict[str, str] = {}
    for file in sorted(files("api.text").joinpath(language).iterdir(), key=lambda file: file.name):
        sentences |= _flat(tomllib.loads(file.read_text(encoding="utf-8")))
    return sentences


def _flat(table: dict[str, Any], path: str = "") -> Iterable[tuple[str, str]]:
    for name, value in table.items():
        key = f"{path}.{name}" if path else name
        if isinstance(value, dict):
            yield from _flat(value, key)
        else:
            yield key, value


def say(key: str, language: str = DEFAULT, /, **details: object) -> str:
    """The sentence of a key, its placeholders filled. A key without a sentence shows itself."""
    sentence = catalogue(language).get(key)
    if sentence is None:
        return ", ".join([key, *(f"{name}={_shown(value, language)}" for name, value in details.items())])
    return sentence.format_map(_Shown(language, details))


def refusal(refused: Refused, language: str = DEFAULT) -> str:
    """Why a command was refused, as a sentence."""
    return say(f"refused.{refused.code}", language, **refused.details)


class _Shown(dict[str, str]):
    """Details as people write them; a placeholder without a detail stays visible."""

    def __init__(self, language: str, details: dict[str, object]) -> None:
        super().__init__({name: _shown(value, language) for name, value in details.items()})

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def _shown(value: object, language: str) -> str:
    if value is None:
        return say("value.open", language)
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes" if value.second == 0 else "seconds")
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, set)):
        return say("value.and", language).join(_shown(item, language) for item in value)
    return str(value)
