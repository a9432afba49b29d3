"""Fill .venv with what a lock file pins, one process at a time. Started by scripts/install, on any Python >= 3.11."""

import fcntl
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

NO_ENSUREPIP = (
    "这个 Python 不能建立虚拟环境(缺 ensurepip)。Debian/Ubuntu: apt-get install python3-venv\n"
    "This Python cannot make a virtual environment (ensurepip is missing). Debian/Ubuntu: apt-get install python3-venv"
)
NOT_INSTALLED = (
    "依赖未能安装,原因见上。没有互联网时见 docs/operations.md。\n"
    "The dependencies could not be installed; the reason stands above. Without internet: see docs/operations.md."
)
RUN_LOCK, DEV_LOCK = "requirements.lock", "requirements-dev.lock"
AT_ONCE = 3
"""Processes of pip that share a lock: one alone waits for the network while it could unpack, and has one core."""
NEVER_STARTED = r"site-packages/(pip|setuptools|pkg_resources|.*/tests?)/"
"""A third of all modules, none of which the hall imports."""


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the installation lock, so that two starts at once do not write into one .venv."""
    with (home / ".venv.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def stamp_of(home: Path, lock: str) -> Path:
    return home / ".venv" / f"installed-{lock}"


def wanted(home: Path, lock: str) -> bytes:
    """What a finished installation is recognised by; scripts/install compares the same bytes."""
    return f"{home}\n".encode() + (home / lock).read_bytes() + (home / "pyproject.toml").read_bytes()


def is_current(home: Path, lock: str) -> bool:
    """Whether somebody else finished this very installation while we waited."""
    stamp = stamp_of(home, lock)
    return stamp.is_file() and stamp.read_bytes() == wanted(home, lock)


def make_environment(home: Path) -> Path:
    """The environment's Python; made anew where there is none, its Python is gone, or the folder was moved."""
    python = home / ".venv" / "bin" / "python"
    stamps = (home / ".venv").glob("installed-*")
    if python.exists() and any(stamp.read_bytes().startswith(f"{home}\n".encode()) for stamp in stamps):
        return python
    print("准备 .venv(只在第一次)… Preparing .venv (first time only)…", flush=True)
    make_empty(home / ".venv", "--clear", "--without-pip")
    return python


def make_empty(folder: Path, *how: str) -> None:
    subprocess.run([sys.executable, "-m", "venv", *how, folder], check=True)


@contextmanager
def pip_into(python: Path) -> Iterator[list[str]]:
    """How to install into an environment, with a pip that lies elsewhere: the lock pins pip too, and whichever process
    puts that one in place must not be taking it away from the others."""
    with TemporaryDirectory(prefix="manqin-pip-") as folder:
        command = [*(pip_at_hand(python) or pip_made(Path(folder))), "--python", str(python), "install"]
        # pip compiles one module after the other; compile_modules does it on every core.
        yield [*command, "--no-compile", "--quiet", "--disable-pip-version-check", "--no-deps"]


def pip_at_hand(python: Path) -> list[str]:
    """The pip of the Python that runs this, if it has one that can install elsewhere; making one takes four seconds."""
    pip = [sys.executable, "-m", "pip"]
    tried = subprocess.run([*pip, "--python", str(python), "--version"], capture_output=True, check=False)
    return [] if tried.returncode else pip


def pip_made(folder: Path) -> list[str]:
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(NO_ENSUREPIP)
    make_empty(folder)
    return [str(folder / "bin" / "python"), "-m", "pip"]


def install_pinned(pip: list[str], lock: Path) -> None:
    with TemporaryDirectory(prefix="manqin-lock-") as folder:
        files = [Path(folder, f"{number}.lock") for number in range(AT_ONCE)]
        for file, share in zip(files, shares(lock.read_text(encoding="utf-8")), strict=True):
            file.write_text(share, encoding="utf-8")
        run_all([*pip, "--only-binary=:all:", "--require-hashes", "-r", str(file)] for file in files)


def shares(lock: str) -> list[str]:
    """The requirements of a lock, each with its hashes, dealt out."""
    pinned = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE | re.IGNORECASE)[1:]
    return ["".join(pinned[start::AT_ONCE]) for start in range(AT_ONCE)]


def run_all(commands: Iterable[list[str]]) -> None:
    """Side by side; ends the installation when one of them fails, after the others did what they could."""
    # setuptools warns every time that an editable install depends on this folder, which is the point of it.
    quiet = os.environ | {"PYTHONWARNINGS": "ignore"}
    running = [subprocess.Popen(command, env=quiet) for command in commands]
    codes = [process.wait() for process in running]
    if any(codes):
        sys.exit(NOT_INSTALLED)


def compile_modules(python: Path, home: Path) -> None:
    """Every start would otherwise compile what it imports, where Python may not keep what it compiled. A module that
    does not compile is nobody's trouble until somebody imports it."""
    packages = next((home / ".venv" / "lib").glob("python*")) / "site-packages"
    ours = [home / part for part in ("attendance", "devices", "projections", "api")]
    how = ["-W", "ignore", "-m", "compileall", "-q", "-j", "0", "-x", NEVER_STARTED]
    command = [str(python), *how, str(packages), *map(str, ours)]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def remember(home: Path, lock: str) -> None:
    """Stamp what was installed, so that the next start compares files instead of packages."""
    # The dev lock holds the run lock whole, so a start after a test run has nothing to install.
    for name in {lock, RUN_LOCK}:
        stamp_of(home, name).write_bytes(wanted(home, name))


def main(home: Path, lock: str) -> None:
    if lock not in (RUN_LOCK, DEV_LOCK):
        sys.exit(f"{lock}: {RUN_LOCK} or {DEV_LOCK}")
    with alone(home):
        if is_current(home, lock):
            return
        python = make_environment(home)
        with pip_into(python) as pip:
            install_pinned(pip, home / lock)
            run_all([[*pip, "--no-index", "--no-build-isolation", "-e", str(home)]])
        compile_modules(python, home)
        remember(home, lock)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
