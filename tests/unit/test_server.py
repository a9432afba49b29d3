"""`manqin serve` as an office runs it: a process of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from ssl import create_default_context

import httpx
import pytest
from halls import POLICY
from sites import ADMINISTRATOR

from api.accounts import Accounts
from api.certificates import Identity
from api.identity import AUTHORITY
from attendance.hall import Hall
from attendance.log.files import keys_beside

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from api.cli import main; main()"]


@contextmanager
def served(data: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [*COMMAND, "--data", str(data), "serve", "--host", "127.0.0.1", "--port", "0", *arguments]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def line_with(process: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    assert process.stderr
    for line in process.stderr:
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"never said {pattern}")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    Hall.found(tmp_path / "hall", POLICY).close()
    return tmp_path / "hall"


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_tells_the_first_password_once_and_stops_clean_when_told(data: Path, told: signal.Signals):
    with served(data) as process:
        address = line_with(process, r"(https://127\.0\.0\.1:\d+)").group(1)
        password = line_with(process, rf"{ADMINISTRATOR}，密码 (\S+)").group(1)
        own = create_default_context(cadata=Identity.read((keys_beside(data) / AUTHORITY).read_bytes()).shown())
        answer = httpx.get(f"{address}/api/v1/months", auth=(ADMINISTRATOR, password), verify=own)
        assert (answer.status_code, answer.json()) == (200, [])
        process.send_signal(told)
        stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, stdout, stderr) == (0, "", "")
    with served(data) as process:
        address = line_with(process, r"(http://127\.0\.0\.1:\d+)").group(1)
        assert httpx.get(f"{address}/healthz").status_code == 200
        process.send_signal(told)
        assert "密码" not in process.communicate(timeout=20)[1]


def test_a_taken_port_is_refused_in_a_sentence(data: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with served(data, "--port", str(taken.getsockname()[1])) as process:
            _, stderr = process.communicate(timeout=20)
        assert process.returncode == 1
        assert "端口" in stderr
        assert "Traceback" not in stderr


def test_no_hall_is_refused_in_a_sentence(tmp_path: Path):
    with served(tmp_path / "nothing") as process:
        _, stderr = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "请先运行 manqin init" in stderr
    assert not (tmp_path / "nothing").exists()


def test_a_lost_password_is_replaced_from_the_machine_itself(data: Path):
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        command = [*COMMAND, "--data", str(data), "password", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8")

    answer = run()
    assert (answer.returncode, answer.stdout) == (0, "")
    password = re.search(r"新密码 (\S+)", answer.stderr)
    assert password
    accounts = Accounts(data / "accounts.db", key=bytes(32))
    assert accounts.check(ADMINISTRATOR, password.group(1))
    accounts.close()
    nobody = run("nobody")
    assert (nobody.returncode, "没有“nobody”这个账号" in nobody.stderr) == (1, True)
