"""What a trusted ZKTeco terminal is answered, and what of its words the hall keeps.

Nothing is acknowledged before it is durable: `Hall.keep` returns after the commit, and when it raises, the terminal is
told so and sends the same batch again.
"""

from collections.abc import Sequence
from typing import NamedTuple

from attendance.facts import Fact
from attendance.punches import Origin, Punched, judge_all, unreadable
from attendance.questions import TerminalAnswered
from devices.ports import Caller, Hall
from devices.readings import lines_of, text_lines_of
from devices.zkteco import push
from devices.zkteco.attlog import read_line
from devices.zkteco.operlog import read_operlog
from devices.zkteco.push import OK, Call

WITHHELD_TABLES = frozenset(
    {"ATTPHOTO", "USERPIC", "BIOPHOTO", "BIODATA", "IDCARD", "USERINFO", "FINGERTMP", "ERRORLOG"}
)
"""Acknowledged and not let in: the law asks for a recorded basis before templates or photos are kept."""
DOOR_TABLES = frozenset({"RTLOG", "RTSTATE", "TABLEDATA"})
"""Access-control push. Left with the terminal until the hall understands it: an acknowledgement would lose punches."""
DOOR_PLACES = frozenset({"registry", "push", "rtdata", "querydata"})
AT_ONCE = 1_000
"""Lines judged and stored together: other terminals get their turn between."""


class Answer(NamedTuple):
    status: int
    text: str


DONE = Answer(200, OK)
NOT_SPOKEN = Answer(406, "access control push is not spoken here: set the terminal to attendance push")
NOT_HERE = Answer(404, "no such place")


def keeps_body(call: Call) -> bool:
    """Whether the body matters. Photos and templates are read off the wire and forgotten."""
    return call.place != "fdata" and _table(call) not in WITHHELD_TABLES


def _table(call: Call) -> str:
    return call.query.get("table", "").upper()


class Conversation:
    """Answers calls; keeps no state between them."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    async def answer(self, call: Call, caller: Caller) -> Answer:
        """The reply to one call. Raises StorageFailed when what it brought is not durable."""
        match call.place:
            case "cdata":
                return await self._cdata(call, caller)
            case "getrequest":
                return self._poll(call, caller)
            case "devicecmd":
                return await self._results(call, caller)
            case "ping" | "fdata":
                return DONE
            case place if place in DOOR_PLACES:
                return self._not_spoken(caller)
            case _:
                return NOT_HERE

    def _not_spoken(self, caller: Caller) -> Answer:
        self._hall.not_spoken(caller, "access_control")
        return NOT_SPOKEN

    async def _cdata(self, call: Call, caller: Caller) -> Answer:
        if call.verb == "POST":
            return await self._upload(call, caller)
        if _table(call):
            return DONE
        if call.query.get("devicetype", "").lower() == "acc":
            return self._not_spoken(caller)
        self._hall.heard(caller, push.about(call.query))
        return Answer(200, push.handshake(caller.terminal, call.query.get("sn") or caller.terminal.terminal))

    async def _upload(self, call: Call, caller: Caller) -> Answer:
        table = _table(call)
        if table == "ATTLOG":
            return await self._attlog(call.body, caller)
        if table == "OPERLOG":
            return await self._operlog(call.body, caller)
        if table in DOOR_TABLES:
            return self._not_spoken(caller)
        if table == "OPTIONS":
            self._hall.heard(caller, push.about(push.options_of(call.body)))
        elif table not in WITHHELD_TABLES:
            await self._unknown_table(table, call.body, caller)
        return DONE

    async def _attlog(self, body: bytes, caller: Caller) -> Answer:
        lines, origin = text_lines_of(body), origin_of(caller)
        for first in range(0, len(lines), AT_ONCE):
            judged = judge_all(map(read_line, lines[first : first + AT_ONCE]), origin)
            await self._hall.keep(judged, caller)
        if len(lines) == 1:
            self._note_clock(judged, caller)
        return Answer(200, f"OK: {len(lines)}")

    def _note_clock(self, judged: Sequence[Fact], caller: Caller) -> None:
        """A single punch is mostly sent as it happens, so it shows how far the terminal's clock is off."""
        match judged:
            case [Punched(at=at)]:
                self._hall.clock_read(caller, at)

    async def _operlog(self, body: bytes, caller: Caller) -> Answer:
        operlog = read_operlog(lines_of(body), caller.terminal.terminal)
        left = judge_all(operlog.unreadable, origin_of(caller)._replace(table="OPERLOG"))
        facts = [*operlog.operations, *left]
        if facts:
            await self._hall.keep(facts, caller)
        return Answer(200, f"OK: {operlog.records}")

    async def _unknown_table(self, table: str, body: bytes, caller: Caller) -> None:
        """A table nobody here knows leaves its name, length and hash, so that a person can see something came."""
        origin = origin_of(caller)._replace(table=table[:24])
        await self._hall.keep(judge_all([unreadable("unknown_table", body)], origin), caller)

    def _poll(self, call: Call, caller: Caller) -> Answer:
        self._hall.heard(caller, push.told_by_poll(call.query.get("info", "")))
        return Answer(200, push.commands(self._hall.questions(caller)))

    async def _results(self, call: Call, caller: Caller) -> Answer:
        results, told = push.results_of(call)
        facts = [
            TerminalAnswered(terminal=caller.terminal.terminal, number=number, code=code)
            for number, code in results.items()
            if self._hall.was_asked(caller, number)
        ]
        if facts:
            await self._hall.keep(facts, caller)
        self._hall.heard(caller, push.about(told))
        return DONE


def origin_of(caller: Caller) -> Origin:
    return Origin(caller.terminal.terminal, caller.terminal.zone, "push", caller.address, caller.received)
