"""Which findings somebody may see: everybody's, those about their people and windows, and those they noted."""

from api.auth import Asker
from api.roles import Scope
from api.sight import Sight
from attendance.book import Book
from attendance.concerned import people_of, unit_of
from attendance.facts import Entry
from attendance.patrol import FindingNoted, inspector_of


class FindingSight:
    """What an asker may see of findings."""

    def __init__(self, asker: Asker, book: Book) -> None:
        self._account, self._scope, self._book = asker.account, asker.scope, book
        self._sight = Sight.of(asker, book)

    def shows(self, entry: Entry[FindingNoted]) -> bool:
        """A unit sees what it answers for; a person what names them, or whom they stood in for."""
        if self._scope is Scope.ALL or inspector_of(entry) == self._account.name:
            return True
        if any(self._sight.shows(no) for no in people_of(self._book, entry.fact)):
            return True
        return self._scope is Scope.UNIT and unit_of(self._book, entry.fact) == self._account.unit

    def shows_photo(self, sha256: str) -> bool:
        """Whether any finding or praise that names the photo may be seen."""
        book = self._book
        if any(sha256 in entry.fact.photos and self.shows(entry) for entry in book.patrol.findings):
            return True
        return any(
            sha256 in entry.fact.photos and (self._scope is Scope.ALL or entry.fact.account == self._account.name)
            for entry in book.praises.noted
        )
