"""The line to the hall on a thread of its own: whoever stands before the camera never waits for the network."""

import time
from contextlib import suppress
from threading import Event

from attendance.facts import Refused
from devices.face.terminal.clocks import Anchor
from devices.face.terminal.happenings import Say, Teller
from devices.face.terminal.kept import Kept, NotKept, Place
from devices.face.terminal.lease import Lease
from devices.face.terminal.line import HallLine, MayNot, NoHall, Told, Unpaired

HEARTBEAT = 10.0
ASK_EVERY = 2.0
"""Seconds between two looks whether the code was typed in the office."""


class Contact:
    """Pairs this device, borrows the gallery, sends what was kept, and says whether the hall is there.

    The line is its own from now on.
    """

    def __init__(self, line: HallLine, kept: Kept, lease: Lease, say: Say) -> None:
        self._line, self._kept, self._lease = line, kept, lease
        self._teller = Teller(say)
        self._there = False
        self._claim, self._claim_over = "", 0.0
        self._code = ""
        self._next = 0.0
        self._woken, self._ended = Event(), Event()
        self.settled = Event()
        """Set once it is known whether there is anything to match with: borrowed, refused, or no hall to ask."""

    def stop(self) -> None:
        """What waits is sent once more, then `run` ends."""
        self._ended.set()
        self._woken.set()

    def send_soon(self) -> None:
        """Something was kept."""
        self._woken.set()

    def try_way_out(self, code: str) -> None:
        """Ask the hall whether this code ends the program; what is said answers it."""
        self._code = code
        self._woken.set()

    def run(self) -> None:
        """Until `stop` is called."""
        while not self._ended.is_set():
            self._turn()
            if self._line.has_credential:
                self.settled.set()
            self._woken.wait(max(0.0, self._next - time.monotonic()))
            self._woken.clear()
        if self._there:
            with suppress(NoHall, Unpaired, MayNot, NotKept):
                self._send()
        self._line.close()

    def _turn(self) -> None:
        try:
            self._do_what_is_due()
        except Unpaired:
            self._unpaired()
        except NoHall as gone:
            self._gone(str(gone))
        except MayNot as forbidden:
            self._teller.tell_change("lease", "may_not", why=str(forbidden))
        except Refused as refused:
            self._teller.tell_change("lease", "lease_refused", refused=refused)
        except (NotKept, OSError):
            self._teller.tell("not_kept")

    def _do_what_is_due(self) -> None:
        if self._code:
            self._ask_out()
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + HEARTBEAT
            if self._claim:
                self._pair()
            else:
                self._keep_in_touch()
        if self._there:
            self._send()

    def _keep_in_touch(self) -> None:
        told, anchor = self._line.state()
        self._kept.remember(anchor)
        self._came(told, anchor)
        if self._lease.is_due(told.edition):
            lent = self._line.borrow()
            self._lease.take(lent)
            self._teller.tell_change("lease", "borrowed", people=lent.people)

    def _came(self, told: Told, anchor: Anchor) -> None:
        self._there = True
        place = Place(told.hall, told.sn, told.name, told.zone)
        self._kept.remember(place)
        self._teller.tell("place", place=place, anchor=anchor)
        self._teller.tell_change("recent", "recent", lines=told.recent)
        self._tell_line("online")
        if count := self._kept.count_elsewhere():
            self._teller.tell_change("elsewhere", "elsewhere", count=count)

    def _gone(self, why: str) -> None:
        self._there = False
        self._tell_line("offline" if self._line.has_credential else "no_hall", why=why)

    def _tell_line(self, code: str, **details: object) -> None:
        self._teller.tell_change("line", code, unsent=self._kept.count(), **details)

    def _send(self) -> None:
        """Each sighting is forgotten once the hall has answered it."""
        while waiting := self._kept.waiting():
            answers = self._line.send(waiting)
            for answer in answers:
                self._kept.answered(answer.id)
                self._teller.tell("answered", answer=answer)
            self._teller.tell("unsent", count=self._kept.count())
            if not answers:
                return

    def _ask_out(self) -> None:
        code, self._code = self._code, ""
        try:
            words = self._line.way_out(code)
        except NoHall:
            self._teller.tell("way_out_unknown")
            raise
        if words:
            self._teller.tell("way_out_shut", words=words)
        else:
            self._teller.tell("way_out_open")

    def _unpaired(self) -> None:
        """Nobody's templates may be used here any more; what was not sent waits."""
        self._there = False
        self._lease.end()
        if self._line.has_credential:
            self._teller.tell_change("line", "unpaired", unsent=self._kept.count())
        try:
            self._show_code()
        except (NoHall, MayNot) as gone:
            self._gone(str(gone))

    def _show_code(self) -> None:
        shown = self._line.begin_pairing()
        self._claim, self._claim_over = shown.claim, time.monotonic() + shown.seconds
        self._next = time.monotonic() + ASK_EVERY
        self._teller.tell("code", code=shown.code, seconds=shown.seconds)

    def _pair(self) -> None:
        """Look whether the code was typed; when its time is over, show another."""
        self._next = time.monotonic() + ASK_EVERY
        paired = self._line.paired(self._claim)
        if paired:
            self._claim = ""
            self._next = 0.0
            self._teller.tell_change("line", "paired")
        elif paired is None or time.monotonic() >= self._claim_over:
            self._show_code()
