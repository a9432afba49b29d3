"""What a trusted ZKTeco terminal is answered, and what of its words the hall keeps.

Nothing is acknowledged before it is durable: `Hall.keep` returns after the commit, and when it raises, the terminal is
told so and sends the same batch again.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from attendance.facts import Fact
from attendance.punches import Punched, judge_all, unreadable
from attendance.questions import TerminalAnswered, TerminalCounted
from devices.ports import Answer, Caller, Hall
from devices.readings import lines_of, text_lines_of
from devices.zkteco import access, people, push, rtlog
from devices.zkteco.access import ACCESS, Access
from devices.zkteco.attlog import read_line
from devices.zkteco.operlog import read_operlog
from devices.zkteco.push import OK, Call, origin_of

WITHHELD_TABLES = frozenset(
    {"ATTPHOTO", "USERPIC", "BIOPHOTO", "BIODATA", "IDCARD", "USERINFO", "FINGERTMP", "ERRORLOG"}
)
"""Acknowledged and not let in: the law asks for a recorded basis before templates or photos are kept."""
AT_ONCE = 1_000
"""Lines judged and stored together: other terminals get their turn between."""


DONE = Answer(200, OK)
NOT_HERE = Answer(404, "no such place")


def keeps_body(call: Call) -> bool:
    """Whether the body matters. Photos and templates are read off the wire and forgotten."""
    return call.place != "fdata" and _table(call) not in WITHHELD_TABLES and access.keeps_body(call)


def _table(call: Call) -> str:
    return call.query.get("table", "").upper()


class Conversation:
    """Answers calls; what it must know of a terminal between them, the hall remembers."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._access = Access(hall)

    async def answer(self, call: Call, caller: Caller) -> Answer:
        """The reply to one call. Raises StorageFailed when what it brought is not durable."""
        match call.place:
            case "cdata":
                return await self._cdata(call, caller)
            case "getrequest":
                return await self._poll(call, caller)
            case "devicecmd":
                return await self._results(call, caller)
            case "ping" | "fdata":
                return DONE
            case place if place in access.PLACES:
                return await self._access.answer(call, caller)
            case _:
                return NOT_HERE

    async def _cdata(self, call: Call, caller: Caller) -> Answer:
        if call.verb == "POST":
            return await self._upload(call, caller)
        if _table(call):
            return DONE
        if call.query.get("devicetype", "").lower() == ACCESS:
            return self._access.handshake(call, caller)
        self._access.ends(caller)
        self._hall.heard(caller, push.about(call.query))
        return Answer(200, push.handshake(caller.terminal, call.query.get("sn") or caller.terminal.terminal))

    async def _upload(self, call: Call, caller: Caller) -> Answer:
        table = _table(call)
        if table == "ATTLOG":
            return await self._attlog(call.body, caller)
        if table == "OPERLOG":
            return await self._operlog(call.body, caller)
        if table in access.TABLES:
            return await self._access.uploaded(call, caller)
        if table == "OPTIONS":
            about = access.about if self._access.is_spoken_by(caller) else push.about
            self._hall.heard(caller, about(push.options_of(call.body)))
        elif table not in WITHHELD_TABLES:
            await self._unknown_table(table, call.body, caller)
        return DONE

    async def _attlog(self, body: bytes, caller: Caller) -> Answer:
        if rtlog.is_spoken(body):
            return Answer(200, f"OK: {await self._access.events(body, caller)}")
        lines, origin = push.without_heading(text_lines_of(body)), origin_of(caller)
        for first in range(0, len(lines), AT_ONCE):
            judged = judge_all(map(read_line, lines[first : first + AT_ONCE]), origin)
            await self._hall.keep(judged, caller)
            self._note_clock(judged, caller, is_live=len(lines) == 1)
        return Answer(200, f"OK: {len(lines)}")

    def _note_clock(self, judged: Sequence[Fact], caller: Caller, *, is_live: bool) -> None:
        """A single punch is mostly sent as it happens, so it shows how far the terminal's clock is off."""
        match judged:
            case [Punched(at=at)] if is_live:
                self._hall.clock_read(caller, at)

    async def _operlog(self, body: bytes, caller: Caller) -> Answer:
        operlog = read_operlog(lines_of(body), caller.terminal.terminal)
        left = judge_all(operlog.unreadable, origin_of(caller)._replace(table="OPERLOG"))
        self._hall.heard(caller, {"encoding": operlog.encoding} if operlog.encoding else {})
        facts = [*operlog.operations, *left]
        if facts:
            await self._hall.keep(facts, caller)
        return Answer(200, f"OK: {operlog.records}")

    async def _unknown_table(self, table: str, body: bytes, caller: Caller) -> None:
        """A table nobody here knows leaves its name, length and hash, so that a person can see something came."""
        origin = origin_of(caller)._replace(table=table[:24])
        await self._hall.keep(judge_all([unreadable("unknown_table", body)], origin), caller)

    async def _poll(self, call: Call, caller: Caller) -> Answer:
        self._hall.heard(caller, push.told_by_poll(call.query.get("info", "")))
        asked = [entry.fact for entry in self._hall.questions(caller)]
        words = access.command if self._access.is_spoken_by(caller) else push.command
        lines = [f"C:{question.number}:{said}" for question in asked if (said := words(question))]
        lines += await self._about_people(caller)
        text, encoding = push.delivery(lines), self._hall.encoding(caller)
        return Answer(200, text, push.plain_text(text, encoding), encoding)

    async def _about_people(self, caller: Caller) -> list[str]:
        """The commands about people that are due. What no terminal can be told is answered for it."""
        orders = await self._hall.orders(caller)
        misfits = {order: reason for order in orders if (reason := people.misfit(order))}
        if misfits:
            answered = [
                self._hall.answered(caller, order, applied=False, answer=reason) for order, reason in misfits.items()
            ]
            await self._hall.keep(answered, caller)
        fitting = [order for order in orders if order not in misfits]
        if self._access.is_spoken_by(caller):
            return [command for order in fitting for command in people.access_commands(order)]
        return [people.command(order) for order in fitting]

    async def _results(self, call: Call, caller: Caller) -> Answer:
        results, told = push.results_of(call)
        facts: list[Fact] = [
            TerminalAnswered(terminal=caller.terminal.terminal, number=number, code=code)
            for number, code in results.items()
            if self._hall.asked(caller, number)
        ]
        facts += self._counted(push.counts_of(call), caller)
        facts += self._receipts(results, caller)
        if facts:
            await self._hall.keep(facts, caller)
        self._hall.heard(caller, push.about(told))
        return DONE

    def _receipts(self, results: dict[int, int], caller: Caller) -> Iterator[Fact]:
        """What became of orders about people."""
        for order, code in people.settled(results, partial(self._hall.ordered, caller)):
            yield self._hall.answered(caller, order, applied=people.applied(order, code), answer=str(code))

    def _counted(self, counts: dict[int, int], caller: Caller) -> list[TerminalCounted]:
        terminal = caller.terminal.terminal
        asked = ((self._hall.asked(caller, number), records) for number, records in counts.items())
        return [
            TerminalCounted(terminal=terminal, number=one.number, start=one.start, end=one.end, records=records)
            for one, records in asked
            if one and one.matter == "count" and one.start and one.end
        ]
