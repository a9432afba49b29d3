"""docs/events.md, made from the code: `python -m attendance.events > docs/events.md`."""

import ast
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module
from textwrap import dedent

import attendance
from attendance.facts import CATALOGUE, Fact

PREFACE = """# Every event of the log

This page is made from the code by `python -m attendance.events > docs/events.md`; a test compares the two. A fact is
stored as JSON under its topic; a field that has its default is left out. Its identity is a UUIDv5 of the hall, the
topic and the key below: the same fact told again is stored once, other content under the same key is the next version
of that fact, and the newest version counts. A punch has one version: the first sighting stays.

Beside its fields, each event has `position` (counted from 1 in its hall, without gaps), `id`, `version`, `recorded_at`
(microseconds since 1970, never decreasing), `actor` (`office`, `import`, `user:<account>`, `terminal:<serial number>`)
and `hash` (SHA-256 over the hash before it and all of these). *Sealed* text is encrypted (AES-256-GCM) under the key of
the person it is about; the keys do not lie in the data folder.
"""


def page() -> str:
    """The whole page."""
    _import_every_module()
    return "\n".join([PREFACE, *(_section(CATALOGUE[topic]) for topic in sorted(CATALOGUE))])


def _import_every_module() -> None:
    for module in pkgutil.iter_modules(attendance.__path__, "attendance."):
        import_module(module.name)


def _section(kind: type[Fact]) -> str:
    source = _source(kind)
    lines = [
        f"## `{kind.topic}`",
        "",
        inspect.cleandoc(kind.__doc__ or ""),
        "",
        f"Key: {', '.join(f'`{name}`' for name in _key_fields(source, 'key'))}. Told in `{kind.__module__}`.",
        "",
        "| field | type | default | meaning |",
        "| --- | --- | --- | --- |",
        *(line for part in _parts(kind) for line in _field_lines(part)),
        "",
    ]
    return "\n".join(lines)


def _source(kind: type) -> ast.ClassDef:
    source = ast.parse(dedent(inspect.getsource(kind))).body[0]
    assert isinstance(source, ast.ClassDef)
    return source


def _parts(kind: type[Fact]) -> Iterator[ast.ClassDef]:
    """What a fact says itself, and then what it shares with others."""
    return (_source(part) for part in kind.__mro__ if issubclass(part, Fact) and part is not Fact)


def _field_lines(source: ast.ClassDef) -> Iterator[str]:
    for number, statement in enumerate(source.body):
        if isinstance(statement, ast.AnnAssign):
            assert isinstance(statement.target, ast.Name)
            kind = ast.unparse(statement.annotation).replace("Sealed", "*sealed text*").replace("|", "or")
            default = f"`{ast.unparse(statement.value)}`" if statement.value else ""
            meaning = _text(source.body[number + 1]) if number + 1 < len(source.body) else ""
            yield f"| `{statement.target.id}` | {kind} | {default} | {meaning} |"


def _text(statement: ast.stmt) -> str:
    """The docstring under a field, on one line."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return " ".join(str(statement.value.value).split()).replace("|", "\\|")
    return ""


def _key_fields(source: ast.ClassDef, method: str) -> list[str]:
    """The fields that a method reads, in their order, also through other methods of the class."""
    methods = {statement.name: statement for statement in source.body if isinstance(statement, ast.FunctionDef)}
    names: dict[str, None] = {}
    read = [node for node in ast.walk(methods[method]) if isinstance(node, ast.Attribute)]
    for node in sorted(read, key=lambda node: (node.lineno, node.col_offset)):
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            deeper = _key_fields(source, node.attr) if node.attr in methods else [node.attr]
            names |= dict.fromkeys(deeper)
    return list(names)


if __name__ == "__main__":
    sys.stdout.write(page())
