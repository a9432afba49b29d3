"""No text outside the catalogues: what people read in templates, scripts and code stands in `api/text`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "api" / "pages"
TEMPLATES = sorted((PAGES / "templates").glob("*.html"))
SCRIPTS = sorted((PAGES / "static").glob("*.js"))
PARTS = ("attendance", "devices", "projections", "api")
OTHERS_WORDS = ("simulator.py", "devices/sheets/")
"""Simulators speak as terminals of other makers do; the readers of other makers' sheets know their heads."""
CODE = sorted(
    file
    for part in PARTS
    for file in (ROOT / part).rglob("*.py")
    if not any(words in str(file.relative_to(ROOT)) for words in OTHERS_WORDS)
)

HAN_WORD = re.compile(r"[\u4e00-\u9fff]{2,}")
WORD = re.compile(r"[A-Za-z\u4e00-\u9fff]{2,}")
SAMPLES = {"PIN", "A001"}
"""The same in every language: a word of the terminals, and a serial number on the page of parts."""
SPOKEN_ATTRIBUTES = re.compile(r'\s(?:placeholder|title|aria-label|alt)="([^"]*)"')
NOT_SAID = {
    "api/app.py": "the product's name",
    "api/demo/people.py": "a unit of the invented hall",
    "api/documents/docx.py": "names of fonts, and what official form prints on every document",
    "api/documents/xlsx.py": "names of fonts",
    "api/documents/workbook.py": "symbols of the policy",
    "api/documents/says/attendance.py": "symbols of the policy",
    "api/imports/headers.py": "what offices call their columns",
    "api/imports/tables.py": "what offices write into cells",
    "api/pages/dates.py": "how dates are written, in each language",
    "api/pages/words.py": "symbols of the rules",
    "api/roles_page.py": "the text of a page of the documentation",
    "attendance/rules/month.py": "a symbol of the contract",
}
"""Code that may hold Chinese words, and why they are no text of ours to people."""


def shown(template: str) -> str:
    """A template's own text: without expressions, statements, comments and tags."""
    without_blocks = re.sub(r"\{% block \w+_class %\}.*?\{% endblock %\}", "", template)
    return re.sub(r"<[^>]*>", " ", re.sub(r"\{[{%#].*?[}%#]\}", " ", without_blocks, flags=re.DOTALL))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_of_its_own(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert set(WORD.findall(shown(text))) <= SAMPLES
    bare = re.sub(r"\{[{%#].*?[}%#]\}", "", text, flags=re.DOTALL)
    spoken = {word for value in SPOKEN_ATTRIBUTES.findall(bare) for word in WORD.findall(value)}
    assert spoken == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_nothing_of_its_own(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert not HAN_WORD.search(text)
    assert not re.search(r"\b(alert|confirm|prompt)\(", text)
    assert not re.search(r'textContent\s*=\s*["\'`]', text)


def statements_of(node: ast.AST) -> list[ast.stmt]:
    body = getattr(node, "body", [])
    return body if isinstance(body, list) else []


def words_in(file: Path) -> Iterator[str]:
    """Chinese words in a module's strings, its docstrings left out."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docstrings = {
        id(statement.value)
        for node in ast.walk(tree)
        for statement in statements_of(node)
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield from HAN_WORD.findall(node.value)


@pytest.mark.parametrize("file", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_code_says_nothing_of_its_own(file: Path) -> None:
    name = str(file.relative_to(ROOT))
    found = list(words_in(file))
    assert found == [] or name in NOT_SAID, f"{name} says {found}: give it a key in api/text"


def test_no_exception_is_kept_that_is_not_needed() -> None:
    assert [name for name in NOT_SAID if not (ROOT / name).exists() or not list(words_in(ROOT / name))] == []


@pytest.mark.parametrize(
    ("template", "words"),
    [("<p>迟到</p>", {"迟到"}), ("<p>{{ t('late') }}</p>", set()), ("<p class='x'>Late {{ n }}</p>", {"Late"})],
)
def test_text_of_a_template_is_found(template: str, words: set[str]) -> None:
    assert set(WORD.findall(shown(template))) == words
