"""Measure the code against the house's style: short functions, short files, every function typed."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

FUNCTION_MEDIAN, FUNCTION_P90, FUNCTION_MAX = 8, 25, 60
FILE_MEDIAN, FILE_MAX = 150, 500
PARTS = ("attendance", "devices", "projections", "api", "scripts")
"""The code people maintain; tests are measured for file length only."""

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef


class Function(NamedTuple):
    place: str
    lines: int
    typed: bool


def tracked(parts: tuple[str, ...]) -> list[Path]:
    """Python files that git knows or would know, without what it ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *parts]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    return [path for name in names if name.endswith(".py") and (path := Path(name)).is_file()]


def is_typed(function: AnyFunction) -> bool:
    """Whether everything that goes in and comes out says its type; `self` and `cls` need not."""
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return function.returns is not None and all(
        argument is None or argument.annotation is not None or argument.arg in ("self", "cls") for argument in named
    )


def length(function: AnyFunction) -> int:
    """Lines from `def` to the end, without the docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is not None:
        first = function.body[0]
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, AnyFunction):
            yield Function(f"{path}:{node.lineno} {node.name}", length(node), is_typed(node))


def complaints_about_functions(found: list[Function]) -> list[str]:
    lengths = [function.lines for function in found]
    middle, ninth = median(lengths), quantiles(lengths, n=10)[-1]
    print(f"functions: {len(found)}, lines median {middle:g}, p90 {ninth:g}, longest {max(lengths)}")
    complaints = [f"{f.place}: {f.lines} lines, over {FUNCTION_MAX}" for f in found if f.lines > FUNCTION_MAX]
    complaints += [f"{f.place}: not typed" for f in found if not f.typed]
    if middle > FUNCTION_MEDIAN:
        complaints.append(f"functions: median {middle:g} lines, over {FUNCTION_MEDIAN}")
    if ninth > FUNCTION_P90:
        complaints.append(f"functions: p90 {ninth:g} lines, over {FUNCTION_P90}")
    return complaints


def complaints_about_files(paths: list[Path]) -> list[str]:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    written = [lines for lines in lengths.values() if lines]
    print(f"files: {len(written)}, lines median {median(written):g}, longest {max(written)}")
    complaints = [f"{path}: {lines} lines, over {FILE_MAX}" for path, lines in lengths.items() if lines > FILE_MAX]
    if median(written) > FILE_MEDIAN:
        complaints.append(f"files: median {median(written):g} lines, over {FILE_MEDIAN}")
    return complaints


def main() -> int:
    """Print the measure and each complaint; 1 when there is one."""
    complaints = complaints_about_functions([f for path in tracked(PARTS) for f in functions(path)])
    complaints += complaints_about_files(tracked((*PARTS, "tests")))
    print(*complaints, sep="\n", end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
