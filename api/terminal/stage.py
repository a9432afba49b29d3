"""What the screen says from one moment to the next: happenings in; views, tones and sentences out.

Happenings come from the threads that look and that speak to the hall. Everything else is for the thread that draws.
"""

from datetime import UTC, datetime, timedelta
from math import ceil
from queue import Empty, SimpleQueue

from api.pages.dates import long_day_text
from api.settings import Language
from api.terminal.hints import Hints
from api.terminal.keypad import TypedCode
from api.terminal.results import Results
from api.terminal.view import Kind, Line, Pairing, Tone, View
from api.text import refusal, say
from attendance.facts import Refused
from devices.face.ports import Called
from devices.face.terminal.clocks import Anchor, Clocks, Reading
from devices.face.terminal.happenings import Happening
from devices.face.terminal.kept import Place
from devices.face.terminal.line import Settled

HEARD_WITHIN = 0.7
"""Seconds in which the hall may say what it makes of a punch before it is shown as kept and no more."""


class Stage:
    """One screen in one language."""

    def __init__(self, language: Language, clocks: Clocks, place: Place, anchor: Anchor | None) -> None:
        self._language, self._clocks = language, clocks
        self._place, self._anchor = place, anchor
        self._heard: SimpleQueue[Happening] = SimpleQueue()
        self.keypad = TypedCode(language)
        self.is_over = False
        """Whether the hall let somebody out."""
        self._online: bool | None = None
        self._unsent, self._aside = 0, 0
        self._hints, self._results = Hints(), Results()
        self._code: tuple[str, float] | None = None
        """The pairing code and when its time is over; an empty one while the hall is not there to give any."""
        self._why = ""
        self._tones: list[Tone] = []
        self._sentences: list[str] = []

    def hear(self, happening: Happening) -> None:
        """From any thread."""
        self._heard.put(happening)

    def tones(self) -> list[Tone]:
        """What is to be sounded since it was asked last."""
        tones, self._tones = self._tones, []
        return tones

    def sentences(self) -> list[str]:
        """What is to be printed since it was asked last, where there is no window."""
        sentences, self._sentences = self._sentences, []
        return sentences

    @property
    def now(self) -> float:
        """Seconds of the clock that nobody can set."""
        return self._clocks.mono()

    @property
    def is_nobodys(self) -> bool:
        """Whether the device is not paired: then no code is needed to end the program."""
        return self._code is not None

    def view(self) -> View:
        """The screen now."""
        self._take_in()
        now = self._clocks.mono()
        if line := self._results.begun(now):
            self._announce(line)
        local = self._local(self._clocks.read())
        usual = self._say("kiosk.page.waiting" if self._online is not None else "kiosk.page.loading")
        hint = self._hints.current(now, usual)
        recent = self._results.recent
        return View(
            time=f"{local:%H:%M:%S}",
            date=long_day_text(local.date(), self._language),
            place=" ".join(part for part in (self._place.name, self._place.sn) if part),
            line=self._line_mark(),
            is_online=bool(self._online),
            unsent=self._say("kiosk.page.unsent", n=self._unsent) if self._unsent else "",
            aside=self._say("kiosk.page.aside", n=self._aside) if self._aside else "",
            hint=hint.text,
            kind=hint.kind,
            step=hint.step,
            result=self._results.current(now),
            recent_heading=self._say("kiosk.page.last" if recent or not self._online else "kiosk.page.nobody_yet"),
            recent=recent,
            notice=self._say("terminal.window.notice"),
            pairing=self._pairing(now),
            keypad=self.keypad.shown() if self.keypad.is_open(now) else None,
        )

    def _take_in(self) -> None:
        while True:
            try:
                code, details = self._heard.get_nowait()
            except Empty:
                return
            getattr(self, f"_on_{code}")(**details)

    def _say(self, key: str, **details: object) -> str:
        return say(key, self._language, **details)

    def _speak(self, key: str, **details: object) -> str:
        sentence = self._say(key, **details)
        self._sentences.append(sentence)
        return sentence

    def _announce(self, line: Line) -> None:
        self._hints.take_back()
        self._tones.append(line.tone)
        self._sentences.append(" · ".join(part for part in (line.who, line.word, line.words) if part))

    def _local(self, here: Reading) -> datetime:
        """The hall's wall clock, by the server's as far as it is known."""
        milliseconds = self._anchor.server_at(here) if self._anchor else here.wall
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
        # Nobody has told a device that was never paired in which zone it hangs.
        return moment + timedelta(minutes=self._place.zone) if self._place.sn else moment.astimezone()

    def _line_mark(self) -> str:
        if self._online is None:
            return ""
        return f"● {self._say('kiosk.page.online')}" if self._online else f"▲ {self._say('kiosk.page.offline')}"

    def _pairing(self, now: float) -> Pairing | None:
        if self._code is None:
            return None
        code, until = self._code
        heading = self._say("kiosk.page.pair_heading")
        if not code:
            return Pairing(self._why, heading, "", self._say("kiosk.page.pair_lost"), "")
        what = self._say("terminal.window.pair_what")
        left = self._say("terminal.window.pair_left", minutes=max(1, ceil((until - now) / 60)))
        return Pairing(self._why, heading, f"{code[:3]} {code[3:]}", what, left)

    # What was heard from the hall.

    def _on_place(self, place: Place, anchor: Anchor) -> None:
        self._place, self._anchor = place, anchor

    def _on_recent(self, lines: list[Settled]) -> None:
        self._results.recall([_line(line) for line in lines])

    def _on_online(self, unsent: int) -> None:
        self._online, self._unsent, self._code = True, unsent, None
        self._speak("terminal.said.online")

    def _on_offline(self, unsent: int, why: str) -> None:
        self._online, self._unsent = False, unsent
        self._speak("terminal.said.offline", unsent=unsent, why=why)

    def _on_unsent(self, count: int) -> None:
        self._unsent = count

    def _on_elsewhere(self, count: int) -> None:
        self._why = self._speak("terminal.said.elsewhere", count=count)

    def _on_no_hall(self, unsent: int, why: str) -> None:
        self._online, self._unsent, self._code = False, unsent, ("", 0.0)
        self._speak("terminal.said.no_hall", why=why)

    def _on_unpaired(self, unsent: int) -> None:
        self._unsent = unsent
        self._why = self._speak("terminal.said.unpaired")
        if unsent:
            self._why += self._speak("terminal.said.unpaired_unsent", unsent=unsent)

    def _on_code(self, code: str, seconds: float) -> None:
        self._online, self._code = True, (code, self._clocks.mono() + seconds)
        minutes = max(1, round(seconds / 60))
        self._speak("terminal.said.code", code=f"{code[:3]} {code[3:]}", minutes=minutes)

    def _on_paired(self) -> None:
        self._code, self._why = None, ""
        self._speak("terminal.said.paired")

    def _on_borrowed(self, people: int) -> None:
        self._hints.mend("lease", "may")
        self._speak("terminal.said.borrowed", people=people)

    def _on_may_not(self, why: str) -> None:
        self._hints.hinder("may", self._speak("terminal.said.may_not", why=why))

    def _on_lease_refused(self, refused: Refused) -> None:
        self._hints.hinder("may", refusal(refused, self._language))
        self._sentences.append(refusal(refused, self._language))

    def _on_answered(self, answer: Settled) -> None:
        line = _line(answer)
        if answer.state == "set_aside":
            self._aside += 1
            self._speak("terminal.said.set_aside", words=answer.words)
            ours = self._results.line_of(answer.id) or line
            line = ours._replace(word=self._say("terminal.window.aside"), words=answer.words, tone="bad")
        self._results.answer(answer.id, line, self._clocks.mono())

    def _on_way_out_open(self) -> None:
        self.is_over = True

    def _on_way_out_shut(self, words: str) -> None:
        self.keypad.refuse(words)

    def _on_way_out_unknown(self) -> None:
        self.keypad.refuse(self._say("kiosk.page.administrator_offline"))

    # What was seen before the camera.

    def _on_kept(self, id: str, called: Called, at: Reading, unsent: int) -> None:
        self._unsent = unsent
        self._hints.mend("disk")
        words = "" if self._online else self._say("kiosk.page.offline_kept")
        line = Line(called.name, called.window, f"{self._local(at):%H:%M:%S}", self._say("kiosk.page.kept"), words)
        self._results.keep(id, line, self._clocks.mono(), HEARD_WITHIN if self._online else 0.0)

    def _on_not_kept(self) -> None:
        self._hints.hinder("disk", self._speak("kiosk.page.storage_full"))
        self._tones.append("bad")

    def _on_nobody(self) -> None:
        self._hints.take_back()

    def _on_unclear(self, reason: str) -> None:
        self._hint(self._say(f"face.reason.{reason}"), "do")

    def _on_stranger(self) -> None:
        self._hint(self._say("terminal.said.stranger"), "stop", "bad")

    def _on_uncertain(self) -> None:
        self._hint(self._say("terminal.said.uncertain"), "stop", "bad")

    def _on_step(self, step: str) -> None:
        self._hint(self._say(f"kiosk.step.{step}"), "ask", "ask", step)

    def _on_not_done(self, reason: str) -> None:
        self._hint(self._say(f"face.reason.{reason}"), "stop", "bad")

    def _hint(self, text: str, kind: Kind, tone: Tone | None = None, step: str = "") -> None:
        if self._hints.give(text, kind, self._clocks.mono(), step):
            self._sentences.append(text)
            self._tones += [tone] if tone else []

    def _on_no_lease(self) -> None:
        self._hints.hinder("lease", self._say("terminal.said.no_lease"))

    def _on_lease(self) -> None:
        self._hints.mend("lease")

    def _on_camera_lost(self) -> None:
        self._hints.hinder("camera", self._speak("terminal.said.camera_lost"))
        self._tones.append("bad")

    def _on_camera(self) -> None:
        self._hints.mend("camera")

    def _on_refused(self, refused: Refused) -> None:
        self._hints.hinder("looker", refusal(refused, self._language))
        self._sentences.append(refusal(refused, self._language))

    def _on_looking(self) -> None:
        self._hints.mend("looker")


TONES: dict[str, Tone] = {"good": "good", "late": "late", "plain": "plain"}


def _line(answer: Settled) -> Line:
    tone = TONES.get(answer.tone, "plain")
    return Line(answer.name, answer.window, answer.at, answer.word, answer.words, tone)
