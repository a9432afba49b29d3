"""One hall's folder, opened: its log, its keys, and the two ways in, readings and decisions."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, RLock
from typing import Any, Literal, Self, TypeVar
from uuid import UUID, uuid4

from attendance import accounts, passcodes  # noqa: F401 - facts that stand in no book must be readable too
from attendance.book import Book
from attendance.facts import Entry, Fact, Refused, Sealed, encode, identity_bytes, topic
from attendance.log.files import Folder
from attendance.log.keys import Keys, Sealing
from attendance.log.rows import Appended, Job, NewRow, Overtaken, Store
from attendance.log.store import SQLITE, open_store
from attendance.log.writer import Writer
from attendance.policy import adopt

T = TypeVar("T")
Outcome = Literal["new", "changed", "repeated"]
ATTEMPTS = 100


@topic("hall.founded")
class HallFounded(Fact, frozen=True, kw_only=True):
    """The first fact of every log."""

    hall: UUID

    def key(self) -> tuple[str, ...]:
        return (str(self.hall),)


class Draft:
    """A decision being taken: what is known, and the facts it adds, each visible to the next."""

    def __init__(self, book: Book, sealing: Sealing, store: Store) -> None:
        self.book = book
        self._sealing = sealing
        self._store = store
        self.rows: list[NewRow] = []
        self.row: int | None = None
        """The row of the sheet being read, if a sheet is: named when a later row contradicts it."""
        self._said: dict[UUID, tuple[Fact, int | None]] = {}
        self._alike: Counter[tuple[str, ...]] = Counter()

    def alike(self, *key: str) -> int:
        """1 for the first fact of this draft under a key, 2 for the second: it tells equal rows of one sheet apart."""
        self._alike[key] += 1
        return self._alike[key]

    def seal(self, subject: str, text: str) -> Sealed | None:
        """Text under the key of a person's number, or of the hall for an empty subject; None for empty text."""
        return self._sealing.seal(subject, text) if text else None

    def record(self, fact: Fact) -> Outcome:
        """Add a fact. The same fact again is `repeated` and adds nothing; other content under its key is `changed`.

        Raises Refused when this very draft already said something else under that key: which of the two holds?
        """
        fact_id = self.book.id_of(fact)
        earlier, row = self._said.setdefault(fact_id, (fact, self.row))
        if earlier != fact:
            raise Refused("said_otherwise", row=row)
        old = self._newest(type(fact), fact_id)
        if old is not None and old.fact == fact:
            return "repeated"
        version = old.version + 1 if old else 1
        self.rows.append(NewRow(fact_id.bytes, version, fact.topic, encode(fact)))
        self.book.apply(Entry(fact_id, version, 0, 0, "", fact))
        return "changed" if old else "new"

    def sight(self, fact: Fact) -> Outcome:
        """Add a fact whose first sighting stays, whatever is told under its key later."""
        fact_id = self.book.id_of(fact)
        known = fact_id in self._said or self._newest(type(fact), fact_id)
        return "repeated" if known else self.record(fact)

    def _newest(self, kind: type[Fact], fact_id: UUID) -> Entry[Any] | None:
        if self.book.keeps(kind):
            return self.book.newest(kind, fact_id)
        versions = self._store.versions(fact_id.bytes)
        return versions[-1].entry() if versions else None


class Hall:
    """The open hall. Safe to use from several threads; several processes may open the same folder."""

    def __init__(self, folder: Folder, store: Store, keys: Keys, url: str = SQLITE) -> None:
        self.folder = folder
        self.url = url
        """Where the log lies, as `open_store` takes it: other processes open it for themselves."""
        self.store = store
        self.keys = keys
        self.id = store.hall
        self.writer = Writer(store)
        self._book = Book(self.id)
        self._lock = Lock()
        self._deciding = RLock()

    @classmethod
    def found(cls, data: Path, policy: str, store: str = SQLITE) -> Self:
        """A new hall in an empty folder, under a policy. Raises Refused when the folder already holds a hall."""
        adopted = adopt(policy)
        folder = Folder(data)
        rows = open_store(folder, store, found=uuid4())
        with _closed_unless_done(rows):
            hall = cls(folder, rows, Keys.found(folder.keys, rows.hall), store)
        hall.decide(lambda draft: (draft.record(HallFounded(hall=hall.id)), draft.record(adopted)), "office")
        return hall

    @classmethod
    def open(cls, data: Path, store: str = SQLITE) -> Self:
        """The hall of a folder. Raises Refused when there is none, or when its keys are not there."""
        folder = Folder(data)
        rows = open_store(folder, store)
        with _closed_unless_done(rows):
            if rows.head().position == 0:
                raise Refused("no_hall", data=data)
            return cls(folder, rows, Keys(folder.keys, rows.hall), store)

    def book(self) -> Book:
        """The book as of now. It never changes any more: later facts are in later books."""
        with self._lock:
            rows = self.store.read_decisions(self._book.position)
            if rows:
                book = self._book.fork()
                book.fold(row.entry() for row in rows)
                self._book = book
            return self._book

    def book_at(self, position: int) -> Book:
        """The book as it stood at a position of the log."""
        book = Book(self.id)
        book.fold(row.entry() for row in self.store.read_decisions(0, position))
        return book

    def decide(self, decision: Callable[[Draft], T], actor: str) -> T:
        """Take a decision on what is known and store its facts together.

        When somebody else decides something meanwhile, the decision is taken again on the newer book. What the decision
        raises is passed on, and nothing of it is stored. Raises Overtaken when others are quicker again and again.
        """
        for _ in range(ATTEMPTS):
            with self._deciding, suppress(Overtaken):
                book = self.book()
                sealing = self.keys.sealing()
                draft = Draft(book.fork(), sealing, self.store)
                result = decision(draft)
                if draft.rows:
                    sealing.keep()
                    self.writer.append(Job(draft.rows, actor, since=book.position))
                return result
        raise Overtaken

    def receive(self, facts: Sequence[Fact], actor: str) -> Appended:
        """Store readings; returns when they are durable. Raises StorageFailed when they are not."""
        return self.receive_soon(facts, actor).result()

    def receive_soon(self, facts: Sequence[Fact], actor: str) -> "Future[Appended]":
        """Hand readings to the writer; the future is done when they are durable."""
        return self.writer.submit(Job(self._first_sightings(facts), actor))

    async def received(self, facts: Sequence[Fact], actor: str) -> Appended:
        """`receive` for a coroutine."""
        return await self.writer.appended(Job(self._first_sightings(facts), actor))

    def _first_sightings(self, facts: Sequence[Fact]) -> list[NewRow]:
        hall, told = self.id.bytes, self._book.quarantine.as_known(facts)
        return [NewRow(identity_bytes(hall, fact.topic, fact.key()), 1, fact.topic, encode(fact)) for fact in told]

    def opened(self, sealed: Sealed | None) -> str | None:
        """Sealed text in clear, or None when there is none or its key was destroyed."""
        return self.keys.open(sealed) if sealed else None

    def close(self) -> None:
        self.writer.close()
        self.store.close()
        self.keys.close()


@contextmanager
def _closed_unless_done(store: Store) -> Iterator[None]:
    try:
        yield
    except BaseException:
        store.close()
        raise
