"""What the pages about faces show: everybody in post with consent, face and passcode, and one person's history."""

from typing import Any, NamedTuple

from api.given import zone_of
from api.kiosk.consenting import now
from api.kiosk.desk import Desk
from api.pages.dates import moment_text, recorded_moment
from api.settings import Language
from api.text import say
from attendance.consent import FACE, ConsentGiven
from attendance.facts import Entry, Fact

Json = dict[str, Any]


class Deed(NamedTuple):
    """Something that happened about a person's face, with the fact it stands on."""

    position: int
    fact: str
    at: str
    what: str
    detail: str


class FacesView:
    """The hall's faces as of now, in one language."""

    def __init__(self, desk: Desk, language: Language) -> None:
        self._desk, self._language = desk, language
        self._book = desk.hall.book()
        self._today = now(desk).date()
        self._zone = zone_of(desk.hall)

    def rows(self) -> list[Json]:
        """Everybody who serves today or whose face is still stored."""
        people = self._book.people
        return [row for no in people.numbers() if (row := self._row(no))["window"] or row["face"]]

    def counts(self) -> Json:
        rows = self.rows()
        return {"agreed": sum(bool(row["consent"]) for row in rows), "everybody": len(rows)}

    def _row(self, no: str) -> Json:
        posting = self._book.people.posting_on(no, self._today)
        known = posting or self._book.people.postings(no)[-1]
        consent = self._book.consents.stands(no, FACE, self._today)
        face = self._book.faces.of(no)
        return {
            "no": no,
            "name": self._desk.hall.opened(known.fact.name) or no,
            "window": posting.fact.window if posting else "",
            "consent": self._consent(consent) if consent else "",
            "face": self._moment(face.recorded_at) if face else "",
            "engine": face.fact.engine if face else "",
            "passcode": self._desk.passcodes.state(no),
        }

    def _consent(self, entry: Entry[ConsentGiven]) -> str:
        return f"{entry.fact.text} · {entry.fact.at:%Y-%m-%d}"

    def person(self, no: str) -> Json:
        """One person: the row, and everything that happened about their face, newest first."""
        return {"row": self._row(no), "history": self.history(no)}

    def history(self, no: str) -> list[Deed]:
        consents, faces = self._book.consents, self._book.faces
        deeds = [
            *(self._deed(one, one.fact.text) for one in consents.given.find("no", no)),
            *(self._deed(one, "") for one in consents.withdrawn.find("no", no)),
            *(self._deed(one, f"{one.fact.engine} · {one.fact.template}") for one in faces.enrolled.find("no", no)),
            *(
                self._deed(one, self._destroyed(one.fact.reason, one.fact.template))
                for one in faces.destroyed.find("no", no)
            ),
        ]
        return sorted(deeds, key=lambda deed: -deed.position)

    def _destroyed(self, reason: str, template: str) -> str:
        return f"{say(f'page.value.reason.{reason}', self._language)} · {template}"

    def _deed(self, entry: Entry[Any], detail: str) -> Deed:
        fact: Fact = entry.fact
        what = say(f"page.topic.{fact.topic.replace('.', '_')}", self._language)
        return Deed(entry.position, str(entry.id), self._moment(entry.recorded_at), what, detail)

    def _moment(self, recorded_at: int) -> str:
        moment = recorded_moment(recorded_at)
        return moment_text(moment, self._language, self._zone) if moment else ""
