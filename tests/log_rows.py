"""Rows to append, for the tests of the log."""

from uuid import NAMESPACE_URL, uuid5

from attendance.log.rows import Job, NewRow


def punch(name: str, version: int = 1, state: bytes = b"{}") -> NewRow:
    return NewRow(uuid5(NAMESPACE_URL, name).bytes, version, "punch", state)


def decision(name: str, version: int = 1) -> NewRow:
    return NewRow(uuid5(NAMESPACE_URL, name).bytes, version, "leave.approved", b"{}")


def readings(*rows: NewRow) -> Job:
    return Job(rows, "terminal:MQT0001")


def decided(*rows: NewRow, since: int) -> Job:
    return Job(rows, "office", since=since)
