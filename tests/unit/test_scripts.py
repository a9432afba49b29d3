"""The newcomer's scripts: they set up once, keep quiet on stdout, and measure the style honestly."""

import os
import shutil
import subprocess
from pathlib import Path
from threading import Event, Thread

import install
import pytest
import style

HOME = Path(__file__).parents[2]
LOCKS = [install.RUN_LOCK, install.DEV_LOCK]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the project's setup whose .venv is finished, with a `manqin` that says where and how it was called."""
    home = tmp_path / "a checkout"
    shutil.copytree(HOME / "scripts", home / "scripts")
    for name in [*LOCKS, "pyproject.toml"]:
        shutil.copy(HOME / name, home)
    program = home / ".venv" / "bin" / "manqin"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$PWD" "$@"\n')
    program.chmod(0o755)
    (program.parent / "python").symlink_to(shutil.which("python3") or "python3")
    install.remember(home, install.DEV_LOCK)
    return home


def run(script: Path, *arguments: str, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([script, *arguments], cwd=cwd, capture_output=True, text=True, env=os.environ | environment)


def test_run_passes_its_arguments_on_and_stays_in_the_callers_folder(checkout: Path, tmp_path: Path) -> None:
    ended = run(checkout / "scripts/run", "days", "2026-10", "--data", "here", cwd=tmp_path)
    assert (ended.stdout, ended.stderr) == (f"{tmp_path} days 2026-10 --data here\n", "")


def test_run_without_arguments_opens_the_demo(checkout: Path, tmp_path: Path) -> None:
    assert run(checkout / "scripts/run", cwd=tmp_path).stdout == f"{tmp_path} demo\n"


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml", ".venv/installed-requirements.lock"])
def test_run_installs_again_when_what_it_rests_on_changed(checkout: Path, changed: str) -> None:
    with (checkout / changed).open("a") as file:
        file.write("# changed\n")
    ended = run(checkout / "scripts/run", cwd=checkout, PYTHON="no-such-python")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Python 3.11" in ended.stderr


def test_run_installs_again_when_the_folder_was_moved(checkout: Path) -> None:
    moved = checkout.rename(checkout.with_name("moved"))
    assert run(moved / "scripts/run", cwd=moved, PYTHON="no-such-python").returncode == 1


def test_the_stamps_of_a_test_run_satisfy_a_start(checkout: Path) -> None:
    assert all(install.is_current(checkout, lock) for lock in LOCKS)


def test_two_installations_at_once_take_turns(tmp_path: Path) -> None:
    entered, order = Event(), []

    def second() -> None:
        entered.wait()
        with install.alone(tmp_path):
            order.append("second")

    thread = Thread(target=second)
    thread.start()
    with install.alone(tmp_path):
        entered.set()
        thread.join(0.2)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_setup_refuses_a_lock_it_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"other\.lock"):
        install.main(tmp_path, "other.lock")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_dealt_out_holds_every_requirement_once_with_its_hashes(lock: str) -> None:
    text = (HOME / lock).read_text(encoding="utf-8")
    dealt = install.shares(text)
    pinned = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    assert len(dealt) == install.AT_ONCE
    assert sorted(line for share in dealt for line in share.splitlines() if line in pinned) == sorted(pinned)
    assert not any(share.startswith(" ") for share in dealt)


def test_a_part_that_cannot_be_installed_ends_it_after_the_others_did_what_they_could(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="could not be installed"):
        install.run_all([["false"], ["sh", "-c", f"sleep 0.1; touch '{tmp_path}/done'"]])
    assert (tmp_path / "done").exists()


def test_a_python_without_pip_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install.make_empty(tmp_path, "--without-pip")
    python = tmp_path / "bin" / "python"
    assert install.pip_at_hand(python)
    monkeypatch.setattr(install.sys, "executable", str(python))
    assert install.pip_at_hand(python) == []


LONG = "def long() -> None:\n" + "    print()\n" * 60
UNTYPED = "def bare(first, *rest: int) -> None:\n    print(first, rest)\n"
FINE = 'def fine(self, first: int) -> int:\n    """Says\n\n    much.\n    """\n    return first\n'


@pytest.mark.parametrize(
    ("source", "lines", "typed"),
    [(LONG, 61, True), (UNTYPED, 2, False), (FINE, 2, True)],
    ids=["long", "untyped", "fine"],
)
def test_a_function_is_measured_without_its_docstring(tmp_path: Path, source: str, lines: int, typed: bool) -> None:
    path = tmp_path / "module.py"
    path.write_text(source)
    (function,) = style.functions(path)
    assert (function.lines, function.typed) == (lines, typed)


def test_long_and_untyped_functions_are_complained_about() -> None:
    short = [style.Function(f"short{n}", 3, True) for n in range(30)]
    assert style.complaints_about_functions(short) == []
    bad = [style.Function("long", 61, True), style.Function("bare", 2, False)]
    assert style.complaints_about_functions([*short, *bad]) == ["long: 61 lines, over 60", "bare: not typed"]


def test_a_file_of_more_than_500_lines_is_complained_about(tmp_path: Path) -> None:
    *fine, long = (tmp_path / f"{name}.py" for name in ("one", "two", "long"))
    for path in fine:
        path.write_text("\n" * 10)
    long.write_text("\n" * 501)
    assert style.complaints_about_files([*fine, long]) == [f"{long}: 501 lines, over 500"]
