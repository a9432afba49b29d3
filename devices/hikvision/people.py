"""People on a Hikvision terminal. Faces never travel: the terminal enrols them, and forgets them with the person."""

from typing import Any
from uuid import uuid4

from attendance.facts import Refused
from devices.hikvision.events import number
from devices.hikvision.isapi import Isapi, NotDone
from devices.ports import Person, Receipt

PAGE = 30
LONGEST_NAME = 128
"""Bytes."""
LONGEST_NUMBER = 32
VALID = {"enable": True, "beginTime": "2020-01-01T00:00:00", "endTime": "2037-12-31T23:59:59", "timeType": "local"}
"""The hall decides who may; terminals know no date after 2037."""
THERE_ALREADY = ("employeenoalreadyexist", "deviceuseralreadyexist")
NOT_THERE = ("employeenonotexist", "usernotexist")


def put(isapi: Isapi, person: Person) -> Receipt:
    """Put a person on the terminal, or give the one of this number this name."""
    if not 1 <= len(person.pin.encode()) <= LONGEST_NUMBER:
        return Receipt(person.pin, False, "no employeeNo")
    record = {"UserInfo": _record(person)}
    try:
        isapi.json("POST", "AccessControl/UserInfo/Record", record)
    except NotDone as refused:
        if not refused.word.lower().startswith(THERE_ALREADY):
            return Receipt(person.pin, False, refused.word)
        return _modify(isapi, person.pin, record)
    return Receipt(person.pin, True, "ok")


def _modify(isapi: Isapi, pin: str, record: dict[str, Any]) -> Receipt:
    try:
        isapi.json("PUT", "AccessControl/UserInfo/Modify", record)
    except NotDone as refused:
        return Receipt(pin, False, refused.word)
    return Receipt(pin, True, "ok")


def _record(person: Person) -> dict[str, Any]:
    return {
        "employeeNo": person.pin,
        "name": person.name.encode()[:LONGEST_NAME].decode("utf-8", "ignore"),
        "userType": "normal",
        "Valid": VALID,
        "doorRight": "1",
        "RightPlan": [{"doorNo": 1, "planTemplateNo": "1"}],
    }


def remove(isapi: Isapi, pin: str) -> Receipt:
    """Remove a person with card and face. The receipt says what the terminal shows afterwards, not what it promised."""
    if not pin:  # some firmware takes an empty number for everybody
        return Receipt(pin, False, "no employeeNo")
    try:
        isapi.json(
            "PUT", "AccessControl/UserInfo/Delete", {"UserInfoDelCond": {"EmployeeNoList": [{"employeeNo": pin}]}}
        )
    except NotDone as refused:
        if not refused.word.lower().startswith(NOT_THERE):
            return Receipt(pin, False, refused.word)
    is_gone = pin not in present(isapi, pin)
    return Receipt(pin, is_gone, "ok" if is_gone else "still there")


def present(isapi: Isapi, pin: str = "") -> dict[str, str]:
    """The names of the people on the terminal by number; of one number alone where it is given.

    Raises Refused when the terminal breaks off: half a list would look like people who left.
    """
    search, found, position = uuid4().hex, dict[str, str](), 0
    while True:
        answer = isapi.json("POST", "AccessControl/UserInfo/Search", _condition(search, position, pin))
        listed = answer.get("UserInfoSearch")
        if not isinstance(listed, dict):
            raise NotDone("no UserInfoSearch")
        people, total = listed.get("UserInfo") or [], number(listed.get("totalMatches")) or 0
        if not people and position < total:
            raise Refused("pull_broken", None, read=position, total=total)
        found |= {str(person.get("employeeNo", "")): str(person.get("name", "")) for person in people}
        position += len(people)
        if not people or position >= total > 0 or listed.get("responseStatusStrg") == "OK":
            return found


def _condition(search: str, position: int, pin: str) -> dict[str, Any]:
    condition: dict[str, Any] = {"searchID": search, "searchResultPosition": position, "maxResults": PAGE}
    return {"UserInfoSearchCond": condition | ({"EmployeeNoList": [{"employeeNo": pin}]} if pin else {})}
