"""The terminals' door of the real server, beside the people's pages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from halls import POLICY
from wires import head_of

from api.server import Server
from api.settings import Settings
from attendance import terminals
from attendance.hall import Hall
from devices.exchange import Reply, exchange

LINE = b"7\t2026-09-28 08:59:30\t0\t15\t0\t0\t0\n"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    data: Path = tmp_path_factory.mktemp("server") / "hall"
    hall = Hall.found(data, POLICY)
    hall.decide(lambda draft: terminals.accept(draft, sn="A001"), "office")
    hall.close()
    server = Server(Settings.of({}, data=data, host="127.0.0.1", port=0))
    with server.running():
        found = re.fullmatch(r"http://(.+):(\d+)", server.terminals_address)
        assert found is not None
        yield found[1], int(found[2])


def get(address: tuple[str, int], target: str) -> Reply:
    return exchange(*address, f"GET {target} HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n".encode())


def test_terminals_need_no_sign_in_and_get_no_headers_for_browsers(address: tuple[str, int]) -> None:
    reply = get(address, "/iclock/cdata?SN=A001&options=all")
    assert reply.status == 200
    assert set(reply.headers) == {"date", "content-type", "content-length", "connection"}


def test_the_real_server_is_lenient_too(address: tuple[str, int]) -> None:
    head = head_of("/ICLOCK/cdata.aspx?sn=a001&table=ATTLOG", "Content-Length: 26\r\n")
    assert exchange(*address, head + LINE * 2).text == "OK: 2"


def test_health_is_there_and_pages_are_at_the_other_door(address: tuple[str, int]) -> None:
    assert get(address, "/healthz").status == 200
    assert get(address, "/").status == 200
    assert [get(address, path).status for path in ("/months", "/sign-in", "/api/v1/terminals")] == [404, 404, 404]
