"""What a bulletin is made from: the edition, people's names, the policy it was judged by, the words of the house."""

import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from api.documents.naming import Naming
from api.documents.words import Words
from attendance.facts import Refused
from attendance.policy import Policy

if TYPE_CHECKING:
    from api.documents.styles import Style

Json = dict[str, Any]


class Band(msgspec.Struct, frozen=True):
    """A tier that windows, or volumes, are published by instead of by figures (分档通报)."""

    name: str
    min: Decimal


class Tiers(msgspec.Struct, frozen=True):
    bands: list[Band] = []
    volume_bands: list[Band] = []


def read_tiers(policy_text: str) -> Tiers:
    """The policy's [tiers], highest first. Raises Refused naming the key."""
    table = tomllib.loads(policy_text, parse_float=Decimal).get("tiers", {})
    try:
        tiers = msgspec.convert(table, Tiers, strict=False)
    except msgspec.ValidationError as error:
        raise Refused("policy_key_wrong", "tiers", key="tiers", problem=error) from error
    return Tiers(*(sorted(bands, key=lambda band: -band.min) for bands in (tiers.bands, tiers.volume_bands)))


@dataclass(frozen=True, kw_only=True)
class Matter:
    """Everything the sentences of one bulletin may speak of."""

    edition: Json
    names: dict[str, str]
    policy: Policy
    tiers: Tiers
    style: "Style"
    public: bool = False
    """The public edition names only the praised."""
    notes: dict[str, str] = field(default_factory=dict)
    """What the inspector wrote of a finding, by the finding's fact."""
    paragraphs: dict[str, list[str]] = field(default_factory=dict)
    """The editor's own paragraphs, by section."""
    state: str = "open"
    number: str = ""
    dated: str = ""
    signer: str = ""
    reason: str = ""
    """Why it is corrected."""
    changes: list[Json] = field(default_factory=list)
    original: tuple[str, str] = ("", "")
    """Number and date of the bulletin that is corrected."""

    @cached_property
    def words(self) -> Words:
        return Words(self.style.wording, self.style.table, self.title_words())

    @property
    def month(self) -> str:
        return str(self.edition["month"])

    @cached_property
    def naming(self) -> Naming:
        return Naming(self.names, self.edition["staff"], self.words)

    def regulars(self) -> list[Json]:
        """Everyone but stand-ins who was in post and owed something."""
        return [*self.edition["full_attendance"], *self.edition["off_the_list"]]

    def title_words(self) -> dict[str, str]:
        """What titles and headings may speak of."""
        year, month = self.month.split("-")
        following = int(month) % 12 + 1
        house = {"hall": self.style.house.hall, "issuer": self.style.house.issuer}
        return {"year": year, "month": str(int(month)), "next_month": str(following), **house}
