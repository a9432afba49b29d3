"""Facts among the events of the eventsourcing library."""

from dataclasses import dataclass
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent

from attendance.facts import CATALOGUE, Fact, decode, encode


@dataclass(frozen=True)
class RecordedFact:
    """A fact as the library sees it: one version of one identity."""

    originator_id: UUID
    originator_version: int
    fact: Fact


class FactMapper(Mapper[UUID]):
    """Facts keep the bytes and the topic that the hall gives them; any other event is the library's own affair."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        if not isinstance(domain_event, RecordedFact):
            return super().to_stored_event(domain_event)
        fact = domain_event.fact
        return StoredEvent(domain_event.originator_id, domain_event.originator_version, fact.topic, encode(fact))

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        if stored_event.topic not in CATALOGUE:
            return super().to_domain_event(stored_event)
        fact = decode(stored_event.topic, stored_event.state)
        return RecordedFact(UUID(str(stored_event.originator_id)), stored_event.originator_version, fact)
