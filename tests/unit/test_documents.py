"""What the documents and the pins say is what the project holds."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest

from attendance.policy import Policy, _fields, unapplied

HOME = Path(__file__).parents[2]
DOCUMENTS = sorted([*HOME.glob("*.md"), *HOME.glob("docs/*.md")])
COMPUTED = {"sha256"}
"""Fields of a policy that no file gives."""


def applied(kind: Any, path: str = "") -> Iterator[str]:
    """Every key that the policy reads, dotted."""
    for name, field in _fields(kind).items():
        inner = get_args(field)[0] if get_origin(field) is list else field
        here = f"{path}.{name}" if path else name
        if _fields(inner):
            yield from applied(inner, here)
        elif name not in COMPUTED:
            yield here


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_the_policy_page_names_every_key_that_is_applied_and_no_other() -> None:
    page = (HOME / "docs/policy.md").read_text(encoding="utf-8").partition("## Applied")[2].partition("\n## ")[0]
    keys = [key for line in page.splitlines() if line.startswith("| `") for key in quoted(line.split("|")[1])]
    assert sorted(keys) == sorted(applied(Policy))


def test_the_policy_page_names_every_key_of_the_default_policy_that_is_not_applied() -> None:
    page = (HOME / "docs/policy.md").read_text(encoding="utf-8").partition("## Not applied yet")[2]
    default = files("attendance").joinpath("defaults/policy.toml").read_text(encoding="utf-8")
    assert sorted(quoted(page)) == sorted(unapplied(default))


def definitions(path: Path) -> set[str]:
    """Functions and classes of a module, methods with their class before them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    outer = {node.name: node for node in ast.walk(tree) if isinstance(node, named)}
    methods = {
        f"{name}.{inner.name}"
        for name, node in outer.items()
        if isinstance(node, ast.ClassDef)
        for inner in node.body
        if isinstance(inner, named)
    }
    return set(outer) | methods


def steps() -> list[tuple[str, str]]:
    """(file, name) of every `file.py:name` in the walk."""
    text = (HOME / "docs/walk.md").read_text(encoding="utf-8")
    return re.findall(r"`([\w/]+\.py):([\w.]+)`", text)


def test_the_walk_passes_many_places() -> None:
    assert len(steps()) >= 12


@pytest.mark.parametrize(("file", "name"), steps())
def test_every_place_on_the_walk_exists(file: str, name: str) -> None:
    assert name in definitions(HOME / file)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_and_file_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    linked = [document.parent / link for link in re.findall(r"\]\((?!http)([^)#]+)", text)]
    named = [HOME / name for name in quoted(text) if re.fullmatch(r"(docs|tests|scripts|api|attendance)/[\w/.]+", name)]
    assert [str(path) for path in [*linked, *named] if not path.exists()] == []


def pins(lock: str) -> dict[str, set[str]]:
    """The versions of each package: some have one for each of several Pythons."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^ ]+)", (HOME / lock).read_text(encoding="utf-8"), re.MULTILINE):
        versions.setdefault(name, set()).add(version)
    return versions


def test_the_dev_pins_hold_the_run_pins_whole() -> None:
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert len(run) > 30
    assert {name: dev.get(name) for name in run} == run


def needed(*tables: list[str]) -> set[str]:
    return {re.split(r"[\[<>=;~ ]", requirement)[0] for table in tables for requirement in table}


def test_everything_the_project_needs_is_pinned() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    more = project["optional-dependencies"]
    run, dev = [*project["dependencies"], *more["face"]], more["dev"]
    assert needed(run) - set(pins("requirements.lock")) == set()
    assert needed(run, dev) - set(pins("requirements-dev.lock")) == set()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_hashes_and_names_no_address(lock: str) -> None:
    text = (HOME / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert all("\\\n    --hash=sha256:" in block for block in re.split(r"\n(?=\w)", text.strip()))
