"""A Hikvision terminal made of software, the side that answers: ISAPI behind Digest, as strict as real firmware."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_hex
from threading import Lock, Thread
from typing import Any, ClassVar

from devices.hikvision.isapi import found_in
from devices.hikvision.messages import xml_of
from devices.hikvision.simulator import Event, SimulatedTerminal

REALM = "DS-6E392E44"
TRIES = 3
FIELD = re.compile(r'(\w+)="?([^",]*)"?')
Answer = tuple[int, bytes, str]


@dataclass
class Settings:
    """What people set at the terminal, and how it deviates from the book."""

    user: str = "admin"
    password: str = "S3cret-pass"  # noqa: S105 - of a terminal that does not exist
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    faces: set[str] = field(default_factory=set)
    hosts: list[dict[str, str]] = field(default_factory=lambda: [{}, {}])
    time: str = "2026-09-28T08:59:30+08:00"
    zone: str = "CST-8:00:00"
    breaks_at: int | None = None
    """A search gives nothing from this position on, though it announced more."""
    newest_first: bool = False
    refuses_people: str = ""
    """The word with which every record is refused."""
    asked: list[str] = field(default_factory=list)
    """Every request that was let in."""
    basic: int = 0
    """Passwords it was shown in clear."""
    wrong: int = 0
    nonces: dict[str, int] = field(default_factory=dict)
    """How often each was used."""


class ServedTerminal:
    """Answers for one terminal's log and people."""

    def __init__(self, terminal: SimulatedTerminal) -> None:
        self.terminal = terminal
        self.settings = Settings()
        self._lock = Lock()

    def admit(self, verb: str, target: str, authorization: str) -> Answer | None:
        """None for a caller with the right password and a nonce not used before, else the answer that it is not."""
        with self._lock:
            if self.settings.wrong >= TRIES:
                return (
                    401,
                    b"<userCheck><statusValue>401</statusValue><lockStatus>lock</lockStatus>"
                    b"<unlockTime>1740</unlockTime></userCheck>",
                    "application/xml",
                )
            scheme, _, rest = authorization.partition(" ")
            if scheme == "Basic":
                self.settings.basic += 1
            elif scheme == "Digest" and self._is_right(verb, target, dict(FIELD.findall(rest))):
                self.settings.asked.append(f"{verb} {target}")
                return None
            self.settings.wrong += bool(authorization)
            return (
                401,
                b"<userCheck><statusValue>401</statusValue><lockStatus>unlock</lockStatus></userCheck>",
                "application/xml",
            )

    def _is_right(self, verb: str, target: str, given: dict[str, str]) -> bool:
        nonce = given.get("nonce", "")
        fresh = self.settings.nonces.get(nonce) == 0
        self.settings.nonces[nonce] = 1
        secret = _md5(f"{self.settings.user}:{REALM}:{self.settings.password}")
        middle = f"{nonce}:{given.get('nc')}:{given.get('cnonce')}:{given.get('qop')}"
        expected = _md5(f"{secret}:{middle}:{_md5(f'{verb}:{target}')}")
        return fresh and given.get("uri") == target and given.get("response") == expected

    def challenge(self) -> str:
        nonce = token_hex(16)
        self.settings.nonces[nonce] = 0
        return f'Digest qop="auth", realm="{REALM}", nonce="{nonce}", stale="false", opaque="", domain="::"'

    def answer(self, verb: str, target: str, body: bytes) -> Answer:
        """The answer to a request that was let in."""
        path = target.partition("?")[0].removeprefix("/ISAPI/")
        if path.startswith("Event/notification/httpHosts"):
            return self._hosts(verb, path, body)
        if path == "System/time":
            return self._time(verb, body)
        message = json.loads(body or b"{}")
        handlers = {
            ("POST", "AccessControl/AcsEvent"): self._search_events,
            ("POST", "AccessControl/UserInfo/Search"): self._search_people,
            ("POST", "AccessControl/UserInfo/Record"): self._record,
            ("PUT", "AccessControl/UserInfo/Modify"): self._modify,
            ("PUT", "AccessControl/UserInfo/Delete"): self._delete,
        }
        handler = handlers.get((verb, path))
        return handler(message) if handler else refused("notSupport")

    def _search_events(self, message: Event) -> Answer:
        wanted = message["AcsEventCond"]
        if wanted["maxResults"] > 30 or wanted["beginSerialNo"] > wanted["endSerialNo"]:
            return refused("badParameters")
        found = [event for event in self.terminal.log if _fits(event, wanted)]
        if self.settings.newest_first:
            found.reverse()
        return self._page("AcsEvent", "InfoList", wanted, found)

    def _search_people(self, message: Event) -> Answer:
        wanted = message["UserInfoSearchCond"]
        numbers = [item["employeeNo"] for item in wanted.get("EmployeeNoList", [])]
        people = [person for no, person in self.settings.people.items() if not numbers or no in numbers]
        return self._page("UserInfoSearch", "UserInfo", wanted, people)

    def _page(self, name: str, items: str, wanted: Event, found: list[Any]) -> Answer:
        first = wanted["searchResultPosition"]
        if first > len(found) or (first and first == len(found)):
            return refused("badParameters")
        page = found[first : first + wanted["maxResults"]]
        if self.settings.breaks_at is not None and first >= self.settings.breaks_at:
            page = []
        state = "NO MATCH" if not found else "MORE" if first + len(page) < len(found) else "OK"
        answer: Event = {"searchID": wanted["searchID"], "responseStatusStrg": state}
        answer |= {"numOfMatches": len(page), "totalMatches": len(found)}
        return done({name: answer | ({items: page} if page else {})})

    def _record(self, message: Event) -> Answer:
        person = message["UserInfo"]
        if self.settings.refuses_people:
            return refused(self.settings.refuses_people)
        if person["employeeNo"] in self.settings.people:
            return refused("employeeNoAlreadyExist")
        self.settings.people[person["employeeNo"]] = person
        return OK

    def _modify(self, message: Event) -> Answer:
        person = message["UserInfo"]
        if person["employeeNo"] not in self.settings.people:
            return refused("employeeNoNotExist")
        self.settings.people[person["employeeNo"]] |= person
        return OK

    def _delete(self, message: Event) -> Answer:
        for item in message["UserInfoDelCond"]["EmployeeNoList"]:
            self.settings.people.pop(item["employeeNo"], None)
            self.settings.faces.discard(item["employeeNo"])
        return OK

    def _hosts(self, verb: str, path: str, body: bytes) -> Answer:
        hosts = self.settings.hosts
        if verb == "PUT":
            root = xml_of(body.decode())
            slot = int(path.rpartition("/")[2]) - 1
            names = ("url", "ipAddress", "hostName", "portNo")
            hosts[slot] = {name: found_in(root, name) for name in names} if root is not None else {}
            return OK_XML
        listed = "".join(
            f"<HttpHostNotification><id>{n}</id><url>{host.get('url', '')}</url>"
            f"<ipAddress>{host.get('ipAddress', '')}</ipAddress><portNo>{host.get('portNo', '0')}</portNo>"
            "</HttpHostNotification>"
            for n, host in enumerate(hosts, 1)
        )
        text = f'<HttpHostNotificationList version="2.0" xmlns="urn:x">{listed}</HttpHostNotificationList>'
        return 200, text.encode(), "application/json"  # the label lies, as it does on real ones

    def _time(self, verb: str, body: bytes) -> Answer:
        root = xml_of(body.decode()) if verb == "PUT" else None
        if root is not None:
            self.settings.time, self.settings.zone = found_in(root, "localTime"), found_in(root, "timeZone")
            return OK_XML
        text = f'<Time xmlns="urn:x"><timeMode>NTP</timeMode><localTime>{self.settings.time}</localTime></Time>'
        return 200, text.encode(), "application/xml"


OK: Answer = 200, b'{"statusCode":1,"statusString":"OK","subStatusCode":"ok"}', "application/json"
OK_XML: Answer = (
    200,
    b"<ResponseStatus><statusCode>1</statusCode><subStatusCode>ok</subStatusCode></ResponseStatus>",
    "application/xml",
)


def done(answer: Event) -> Answer:
    return 200, json.dumps(answer, ensure_ascii=False).encode(), "application/json"


def refused(word: str) -> Answer:
    answer = {"statusCode": 6, "statusString": "Invalid Content", "subStatusCode": word}
    return 400, json.dumps(answer).encode(), "application/json"


def _fits(event: Event, wanted: Event) -> bool:
    in_range = wanted["beginSerialNo"] <= event["serialNo"] <= wanted["endSerialNo"]
    kind = event["major"] == wanted["major"] and wanted["minor"] in (0, event["minor"])
    return in_range and kind and wanted["startTime"] <= event["time"] <= wanted["endTime"]


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    served: ClassVar[ServedTerminal]
    protocol_version = "HTTP/1.1"

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        turned_away = self.served.admit(self.command, self.path, self.headers.get("Authorization", ""))
        status, answer, kind = turned_away or self.served.answer(self.command, self.path, body)
        self.send_response(status)
        if status == 401 and b">lock<" not in answer:
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.send_header("WWW-Authenticate", self.served.challenge())
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = _any

    def log_message(self, *_: Any) -> None:
        """Nothing: tests have no need of it."""


@contextmanager
def serving(terminal: SimulatedTerminal) -> "Iterator[tuple[str, ServedTerminal]]":
    """Answer on a free port while the block runs; gives the address and what lies behind it."""
    served = ServedTerminal(terminal)
    handler = type("Handler", (_Handler,), {"served": served})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
