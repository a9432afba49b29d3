"""Fill .venv with what a lock file pins, one process at a time. Started by scripts/install, on any Python >= 3.11."""

import fcntl
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NO_ENSUREPIP = (
    "这个 Python 不能建立虚拟环境(缺 ensurepip)。Debian/Ubuntu: apt-get install python3-venv\n"
    "This Python cannot make a virtual environment (ensurepip is missing). Debian/Ubuntu: apt-get install python3-venv"
)
NOT_INSTALLED = (
    "依赖未能安装,原因见上。没有互联网时见 docs/operations.md。\n"
    "The dependencies could not be installed; the reason stands above. Without internet: see docs/operations.md."
)
RUN_LOCK, DEV_LOCK = "requirements.lock", "requirements-dev.lock"


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
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(NO_ENSUREPIP)
    print("准备 .venv(只在第一次)… Preparing .venv (first time only)…", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", home / ".venv"], check=True)
    return python


def pip_install(python: Path, home: Path, *what: str) -> None:
    # pip compiles one module after the other; compile_modules does it on every core.
    pip = [str(python), "-m", "pip", "install", "--no-compile", "--quiet", "--disable-pip-version-check", "--no-deps"]
    # setuptools warns every time that an editable install depends on this folder, which is the point of it.
    quiet = os.environ | {"PYTHONWARNINGS": "ignore"}
    if subprocess.run([*pip, *what], cwd=home, env=quiet, check=False).returncode:
        sys.exit(NOT_INSTALLED)


def compile_modules(python: Path, home: Path) -> None:
    """Every start would otherwise compile what it imports, where Python may not keep what it compiled. A module that
    does not compile is nobody's trouble until somebody imports it."""
    packages = next((home / ".venv" / "lib").glob("python*")) / "site-packages"
    ours = [home / part for part in ("attendance", "devices", "projections", "api")]
    command = [str(python), "-W", "ignore", "-m", "compileall", "-q", "-j", "0", str(packages), *map(str, ours)]
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
        pip_install(python, home, "--only-binary=:all:", "--require-hashes", "-r", lock)
        pip_install(python, home, "--no-index", "--no-build-isolation", "-e", ".")
        compile_modules(python, home)
        remember(home, lock)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
