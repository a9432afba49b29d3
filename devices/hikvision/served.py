"""A Hikvision terminal made of software, the side that answers: ISAPI, as strict as real firmware."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from devices.hikvision.isapi import found_in
from devices.hikvision.messages import xml_of
from devices.hikvision.simulator import Event, SimulatedTerminal
from devices.served import LOOKS_EVERY, Asked, DigestLock, Streamed, Told, served

LOCKED = Told(
    401,
    b"<userCheck><statusValue>401</statusValue><lockStatus>lock</lockStatus><unlockTime>1740</unlockTime></userCheck>",
    "application/xml",
)


@dataclass
class Settings:
    """What people set at the terminal, and how it deviates from the book."""

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
    hangs_up: bool = False
    """Ends every stream."""
    asked: list[str] = field(default_factory=list)
    """Every request that was let in."""


class ServedTerminal:
    """Answers for one terminal's log and people."""

    def __init__(self, terminal: SimulatedTerminal) -> None:
        self.terminal = terminal
        self.settings = Settings()

    def answer(self, asked: Asked) -> Told | Streamed:
        """The answer to a request that was let in."""
        verb, body = asked.verb, asked.body
        path = asked.target.partition("?")[0].removeprefix("/ISAPI/")
        self.settings.asked.append(f"{verb} {path}")
        if path.startswith("Event/notification/httpHosts"):
            return self._hosts(verb, path, body)
        if path == "Event/notification/alertStream":
            return Streamed(self._alerts(), "multipart/mixed; boundary=mime_boundary")
        if path == "System/deviceInfo":
            return self._about()
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

    def _alerts(self) -> Iterator[bytes]:
        """The whole log once more, then what happens, each event as it does."""
        kept, told = len(self.terminal.log), 0
        while not self.settings.hangs_up:
            for event in self.terminal.log[told:]:
                yield self.terminal.alert(event, is_live=told >= kept)
                told += 1
            time.sleep(LOOKS_EVERY)

    def _about(self) -> Told:
        number = f"DS-K1T342MFWX20240528V031601EN{self.terminal.serial}"
        text = (
            f'<DeviceInfo xmlns="urn:x"><model>DS-K1T342MFWX</model><serialNumber>{number}</serialNumber></DeviceInfo>'
        )
        return Told(200, text.encode(), "application/xml")

    def _search_events(self, message: Event) -> Told:
        wanted = message["AcsEventCond"]
        if wanted["maxResults"] > 30 or wanted["beginSerialNo"] > wanted["endSerialNo"]:
            return refused("badParameters")
        found = [event for event in self.terminal.log if _fits(event, wanted)]
        if self.settings.newest_first:
            found.reverse()
        return self._page("AcsEvent", "InfoList", wanted, found)

    def _search_people(self, message: Event) -> Told:
        wanted = message["UserInfoSearchCond"]
        numbers = [item["employeeNo"] for item in wanted.get("EmployeeNoList", [])]
        people = [person for no, person in self.settings.people.items() if not numbers or no in numbers]
        return self._page("UserInfoSearch", "UserInfo", wanted, people)

    def _page(self, name: str, items: str, wanted: Event, found: list[Any]) -> Told:
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

    def _record(self, message: Event) -> Told:
        person = message["UserInfo"]
        if self.settings.refuses_people:
            return refused(self.settings.refuses_people)
        if person["employeeNo"] in self.settings.people:
            return refused("employeeNoAlreadyExist")
        self.settings.people[person["employeeNo"]] = person
        return OK

    def _modify(self, message: Event) -> Told:
        person = message["UserInfo"]
        if person["employeeNo"] not in self.settings.people:
            return refused("employeeNoNotExist")
        self.settings.people[person["employeeNo"]] |= person
        return OK

    def _delete(self, message: Event) -> Told:
        for item in message["UserInfoDelCond"]["EmployeeNoList"]:
            self.settings.people.pop(item["employeeNo"], None)
            self.settings.faces.discard(item["employeeNo"])
        return OK

    def _hosts(self, verb: str, path: str, body: bytes) -> Told:
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
        return Told(200, text.encode(), "application/json")  # the label lies, as it does on real ones

    def _time(self, verb: str, body: bytes) -> Told:
        root = xml_of(body.decode()) if verb == "PUT" else None
        if root is not None:
            self.settings.time, self.settings.zone = found_in(root, "localTime"), found_in(root, "timeZone")
            return OK_XML
        text = f'<Time xmlns="urn:x"><timeMode>NTP</timeMode><localTime>{self.settings.time}</localTime></Time>'
        return Told(200, text.encode(), "application/xml")


OK = Told(200, b'{"statusCode":1,"statusString":"OK","subStatusCode":"ok"}', "application/json")
OK_XML = Told(
    200,
    b"<ResponseStatus><statusCode>1</statusCode><subStatusCode>ok</subStatusCode></ResponseStatus>",
    "application/xml",
)


def done(answer: Event) -> Told:
    return Told(200, json.dumps(answer, ensure_ascii=False).encode(), "application/json")


def refused(word: str) -> Told:
    answer = {"statusCode": 6, "statusString": "Invalid Content", "subStatusCode": word}
    return Told(400, json.dumps(answer).encode(), "application/json")


def _fits(event: Event, wanted: Event) -> bool:
    in_range = wanted["beginSerialNo"] <= event["serialNo"] <= wanted["endSerialNo"]
    kind = event["major"] == wanted["major"] and wanted["minor"] in (0, event["minor"])
    return in_range and kind and wanted["startTime"] <= event["time"] <= wanted["endTime"]


@contextmanager
def isapi_served(terminal: ServedTerminal, lock: DigestLock) -> "Iterator[str]":
    """Serve a terminal's ISAPI while the block runs; gives its address."""
    with served(terminal.answer, lock, LOCKED) as url:
        yield url
