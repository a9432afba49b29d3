"""The catalogues: both complete, alike, and with a sentence for every refusal the code knows."""

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from api.imports.headers import ALIASES
from api.imports.tables import TABLES
from api.text import catalogue, language, refusal, say
from attendance.facts import CATALOGUE, Refused

ROOT = Path(__file__).parents[2]
CODE = [file for part in ("attendance", "devices", "projections", "api") for file in (ROOT / part).rglob("*.py")]


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def refusals() -> Iterator[tuple[str, set[str]]]:
    """Every code that is refused anywhere in the code, with the details it comes with."""
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Refused"
                and node.args
            ):
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    yield code.value, {keyword.arg for keyword in node.keywords if keyword.arg}


def codes_given_on() -> Iterator[str]:
    """Codes that reach Refused through a variable: names of refusals among string constants."""
    for file in (ROOT / "attendance").glob("*.py"):
        yield from re.findall(r'"(\w+_(?:overlaps|unknown))"', file.read_text(encoding="utf-8"))


def test_both_languages_say_the_same_with_the_same_details():
    chinese, english = catalogue("zh"), catalogue("en")
    assert set(chinese) == set(english)
    assert {key: placeholders(text) for key, text in chinese.items()} == {
        key: placeholders(text) for key, text in english.items()
    }


def test_every_refusal_in_the_code_has_its_sentence_and_its_details():
    sentences = catalogue("zh")
    wanting = {code for code, _ in refusals() if f"refused.{code}" not in sentences}
    wanting |= {code for code in codes_given_on() if f"refused.{code}" not in sentences}
    assert wanting == set()
    lacking = {
        (code, name)
        for code, details in refusals()
        for name in placeholders(sentences[f"refused.{code}"])
        if name not in details
    }
    assert lacking == set()


def test_every_fact_and_every_field_of_one_has_a_word():
    sentences = catalogue("zh")
    for module in (ROOT / "attendance").glob("*.py"):
        import_module(f"attendance.{module.stem}")
    told = {topic: kind for topic, kind in CATALOGUE.items() if kind.__module__.startswith("attendance.")}
    assert {topic for topic in told if f"page.topic.{topic.replace('.', '_')}" not in sentences} == set()
    fields = {field for kind in told.values() for field in kind.__struct_fields__}
    assert {field for field in fields if f"page.field.{field}" not in sentences} == set()


def test_every_sentence_is_asked_for():
    """By its key or a tail of it, or by a beginning that is filled in: `page.month.{part}`, `'unit.' ~ which`."""
    pages = [file for kind in ("html", "js") for file in (ROOT / "api" / "pages").rglob(f"*.{kind}")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in [*CODE, *pages])
    # What is filled in as a key or a code stands somewhere else by itself.
    whole = set(re.findall(r"""["'`]([\w.]+)["'`]""", code)) | set(re.findall(r"\bw\.(\w+)", code))
    begun = set(re.findall(r"""["'`]([\w.]+(?:_|\.(?!\{[\w.\[']*(?:key|code)\b)))(?:\$?\{|%s|["'`] [~+] )""", code))

    def is_asked_for(key: str) -> bool:
        tails = [key, *(key[at + 1 :] for at, sign in enumerate(key) if sign == ".")]
        return any(tail in whole or any(tail.startswith(beginning) for beginning in begun) for tail in tails)

    assert {key for key in catalogue("zh") if not is_asked_for(key)} == set()


def test_every_column_of_a_sheet_has_a_name_and_an_alias():
    columns = {column for table in TABLES for column in table.columns}
    assert {column for column in columns if f"column.{column}" not in catalogue("zh")} == set()
    assert columns <= set(ALIASES)


def test_no_two_columns_of_one_sheet_share_an_alias():
    for table in TABLES:
        heads = [head for column in table.columns for head in ALIASES[column]]
        shared = {head for head in heads if heads.count(head) > 1}
        assert shared == set(), table.name


def test_details_are_shown_as_people_write_them():
    details = {"start": None, "end": datetime(2026, 3, 2, 9, 5)}
    assert (
        say("refused.ends_before_start", "zh", **details)
        == "结束（2026-03-02 09:05）不在开始（不限）之后。请核对起止。"
    )
    assert say("refused.session_empty", "en", on=time(9)).startswith("On and off are the same time (09:00)")
    assert "a, b" in say("refused.level_unknown", "en", value="x", listed=["a", "b"])
    assert "2026-03-02" in say("refused.window_overlaps", "en", start=date(2026, 3, 2), end=None)


def test_a_key_without_a_sentence_shows_itself_and_never_fails():
    assert say("refused.nobody_wrote_this", "zh", no="7") == "refused.nobody_wrote_this, no=7"
    assert refusal(Refused("person_unknown", "no"), "en") == "Nobody has the staff number “{no}”. " + (
        "Register the person first, or check the number."
    )


@pytest.mark.parametrize(("chosen", "spoken"), [(None, "zh"), ("en", "en"), ("fr", "zh")])
def test_the_command_line_speaks_chinese_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch, chosen, spoken):
    if chosen:
        monkeypatch.setenv("MANQIN_LANG", chosen)
    assert language() == spoken


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_sentence_stands_in_two_files(language: str):
    files = sorted((ROOT / "api" / "text" / language).glob("*.toml"))
    keys = [key for file in files for key in keys_of(tomllib.loads(file.read_text(encoding="utf-8")))]
    assert len(files) > 1
    assert sorted(keys) == sorted(catalogue(language))


def keys_of(table: dict[str, Any], path: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from keys_of(value, f"{path}{name}.")
        else:
            yield path + name
