"""ZKTeco security push 3.x (门禁, DeviceType=acc): what a trusted access control terminal is answered.

It registers before it sends anything, takes its settings, and says what happens at the door: people who were let in are
punches. Its tables of people, cards and templates are acknowledged, so that it does not send them forever, and go no
further.
"""

import re
from collections import Counter, defaultdict

from attendance.punches import judge_all, moment_of
from attendance.questions import TerminalAsked
from devices.ports import Answer, Caller, Hall
from devices.readings import lines_of, text_lines_of
from devices.zkteco import clock, push
from devices.zkteco.push import OK, Call, origin_of
from devices.zkteco.rtlog import Rtlog, fields_of, is_spoken, read_rtlog

ACCESS, DIALECT = "acc", "dialect"
TABLES = frozenset({"RTLOG", "RTSTATE", "TABLEDATA"})
PLACES = frozenset({"registry", "push", "rtdata", "querydata"})
TRANSACTIONS = "transaction"
"""The table of events."""
TABLE_NAME = re.compile(r"[0-9A-Za-z_]{1,32}")
COUNT = re.compile(r"[0-9]{1,7}")
NO_MEASURE = frozenset({"transactioncount", "attlogcount"})
"""Counts of all events, doors and refusals too: they say nothing about punches that may be missing."""
VERSION = "3.1.2"
AT_ONCE = 1_000
"""Events judged and stored together: other terminals get their turn between."""
MOST_KINDS = 20
"""Of events left out, told apart by number."""


def keeps_body(call: Call) -> bool:
    """Whether the body matters: templates and photos are read off the wire and forgotten."""
    table = call.query.get("tablename", "").lower()
    is_data = call.place == "querydata" or call.query.get("table", "").upper() == "TABLEDATA"
    return not is_data or table in ("", TRANSACTIONS, "options", "user")


def command(question: TerminalAsked) -> str | None:
    """A question in the words of access control; None where it has none."""
    words = {
        "info": "GET OPTIONS FirmVer,~DeviceName,UserCount",
        "attlog": f"DATA QUERY tablename={TRANSACTIONS},fielddesc=*,filter=*",
    }
    return words.get(question.matter)


def about(told: dict[str, str]) -> dict[str, str]:
    """What the terminal says of itself, as far as it concerns anyone."""
    return {name: text for name, text in push.about(told).items() if name not in NO_MEASURE}


class Access:
    """Answers access control terminals; that one registered is kept with what it told of itself."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._left_out: defaultdict[str, Counter[int]] = defaultdict(Counter)

    def is_spoken_by(self, caller: Caller) -> bool:
        """Whether this terminal was last heard speaking access control."""
        return self._hall.told(caller, DIALECT) == ACCESS

    def ends(self, caller: Caller) -> None:
        """The terminal was set back to attendance push."""
        if self.is_spoken_by(caller):
            self._hall.heard(caller, {DIALECT: ""})

    def _begins(self, caller: Caller) -> None:
        self._hall.heard(caller, {DIALECT: ACCESS})

    def handshake(self, call: Call, caller: Caller) -> Answer:
        """``OK`` to a terminal that has to register yet, its settings to one that has."""
        self._hall.heard(caller, about(call.query))
        if not self.is_spoken_by(caller):
            return Answer(200, OK)
        return Answer(200, f"registry=ok\nRegistryCode={self._code(caller)}\n{self._settings(caller)}")

    async def answer(self, call: Call, caller: Caller) -> Answer:
        """The reply to a call at a place that access control alone has."""
        match call.place:
            case "registry":
                return self._register(call, caller)
            case "push":
                self._begins(caller)
                return Answer(200, self._settings(caller))
            case "rtdata":
                return self._time(call, caller)
            case _:
                return await self._queried(call, caller)

    def _register(self, call: Call, caller: Caller) -> Answer:
        """The code alone, without a line end: anything else, and the terminal registers again and again."""
        self._begins(caller)
        self._hall.heard(caller, about(push.options_of(call.body)))
        return Answer(200, f"RegistryCode={self._code(caller)}")

    def _code(self, caller: Caller) -> str:
        return self._hall.word_for(caller, "registry")

    def _settings(self, caller: Caller) -> str:
        """Events alone are asked for: whom the terminal holds, with passwords and cards, is not."""
        return "\n".join(
            (
                f"ServerVersion={VERSION}",
                "ServerName=ADMS",
                f"PushProtVer={VERSION}",
                "ErrorDelay=60",
                "RequestDelay=5",
                "TransTimes=00:00;14:00",
                "TransInterval=2",
                "TransTables=Transaction",
                "Realtime=1",
                f"SessionID={self._hall.word_for(caller, 'session')}",
                "TimeoutSec=10",
                "",
            )
        )

    def _time(self, call: Call, caller: Caller) -> Answer:
        """The hall's time, by which the terminal sets its clock: the number in UTC, its zone beside it."""
        if call.query.get("type", "").lower() != "time":
            return Answer(200, OK)
        zone = caller.terminal.zone
        hours, minutes = divmod(abs(zone), 60)
        now = clock.number_of(caller.received.replace(tzinfo=None))
        return Answer(200, f"DateTime={now},ServerTZ={'-' if zone < 0 else '+'}{hours:02d}{minutes:02d}")

    async def uploaded(self, call: Call, caller: Caller) -> Answer:
        """A table that access control alone has."""
        self._begins(caller)
        match call.query.get("table", "").upper():
            case "RTLOG":
                await self.events(call.body, caller)
                return Answer(200, OK)
            case "RTSTATE":
                self._state(call.body, caller)
                return Answer(200, OK)
            case _:
                return await self._table(call, caller)

    def _state(self, body: bytes, caller: Caller) -> None:
        """The state of the door and its sensors, every few seconds; of it the clock alone is worth knowing."""
        told = next((fields_of(line) for line in text_lines_of(body[:1024]) if isinstance(line, str)), {})
        if at := moment_of(told.get("time", "")):
            self._hall.clock_told(caller, at)

    async def events(self, body: bytes, caller: Caller) -> int:
        """Keep what a body of events says; returns how many lines it has."""
        lines, origin = text_lines_of(body), origin_of(caller)._replace(table="RTLOG")
        for first in range(0, len(lines), AT_ONCE):
            log = read_rtlog(lines[first : first + AT_ONCE], caller.terminal.terminal)
            facts = [*judge_all(log.readings, origin), *log.operations]
            if facts:
                await self._hall.keep(facts, caller)
            self._note(log, caller, is_live=len(lines) == 1)
        return len(lines)

    def _note(self, log: Rtlog, caller: Caller, *, is_live: bool) -> None:
        """Say what was left out; a single event is mostly sent as it happens, so it shows the terminal's clock."""
        if log.left_out:
            count = self._left_out[caller.terminal.terminal]
            count.update(log.left_out)
            told = ", ".join(f"{number}: {times}" for number, times in count.most_common(MOST_KINDS))
            self._hall.heard(caller, {"leftout": told})
        if is_live and (at := moment_of(log.last)):
            self._hall.clock_read(caller, at)

    async def _table(self, call: Call, caller: Caller) -> Answer:
        """Rows of one of the terminal's tables. Told fewer than it sent, it sends them all again."""
        name = call.query.get("tablename", "")
        if not TABLE_NAME.fullmatch(name):
            await self._nameless(call.body, caller)
            return Answer(200, OK)
        if name.lower() == TRANSACTIONS:
            return Answer(200, f"{name}={await self.events(call.body, caller)}")
        count = call.query.get("count", "")
        return Answer(200, f"{name}={count if COUNT.fullmatch(count) else len(lines_of(call.body))}")

    async def _nameless(self, body: bytes, caller: Caller) -> None:
        """Rows of no table may be events all the same."""
        if is_spoken(body):
            await self.events(body, caller)

    async def _queried(self, call: Call, caller: Caller) -> Answer:
        """What the terminal answers to a question, packet by packet."""
        self._begins(caller)
        name, kind = call.query.get("tablename", "").lower(), call.query.get("type", "").lower()
        if kind == "options" or name == "options":
            self._hall.heard(caller, about(push.options_of(call.body)))
            return Answer(200, OK)
        if kind == "count":
            return self._counted(name, call, caller)
        return await self._table(call, caller)

    def _counted(self, name: str, call: Call, caller: Caller) -> Answer:
        told = push.options_of(call.body).get(name) or call.query.get("count", "")
        if not TABLE_NAME.fullmatch(name) or not COUNT.fullmatch(told):
            return Answer(200, OK)
        if name == "user":
            self._hall.heard(caller, {"usercount": told})
        return Answer(200, f"{name}={told}")
