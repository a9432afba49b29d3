"""考核排名: the first and the last, ties said; who is not ranked and why; bands instead of figures."""

from collections import Counter
from decimal import Decimal
from itertools import groupby
from typing import Any

from api.documents.matter import Band, Matter
from api.documents.naming import printable

Json = dict[str, Any]
Tied = tuple[int, list[Json]]
REASONS = ("relief", "new", "attendance", "nothing_due")


def tied_groups(rows: list[Json]) -> list[Tied]:
    """Rows of a ranking by rank."""
    return [(rank, list(same)) for rank, same in groupby(rows, key=lambda row: row["rank"])]


def top_groups(matter: Matter) -> list[Tied]:
    """Everyone whose rank lies within the published first ones."""
    limit = matter.policy.ranking.publish_top
    return [group for group in tied_groups(matter.edition["ranking"]) if group[0] <= limit]


def bottom_groups(matter: Matter) -> list[Tied]:
    """The published last ones, never those among the first; whoever ties with the first of them is with them."""
    limit, found, count = matter.policy.ranking.publish_bottom, [], 0
    for group in reversed(tied_groups(matter.edition["ranking"])[len(top_groups(matter)) :]):
        if count >= limit:
            break
        found.append(group)
        count += len(group[1])
    return found[::-1]


def ranking(matter: Matter) -> list[str]:
    """…前三位的是…；排名末三位的是…; the public edition praises and leaves it there."""
    words, top = matter.words, top_groups(matter)
    if not top:
        return [words.say("ranking.none")]
    clauses = [_told(matter, "ranking.top", matter.policy.ranking.publish_top, top)]
    if not matter.public and (bottom := bottom_groups(matter)):
        clauses.append(_told(matter, "ranking.bottom", matter.policy.ranking.publish_bottom, bottom))
    return [words.clauses(clauses) + words.say("stop")]


def _told(matter: Matter, key: str, limit: int, groups: list[Tied]) -> str:
    people = matter.words.join(_group(matter, rank, rows, limit) for rank, rows in groups)
    return matter.words.say(key, n=matter.words.number(min(limit, sum(len(rows) for _, rows in groups))), people=people)


def _group(matter: Matter, rank: int, rows: list[Json], limit: int) -> str:
    """Those of one rank: by name, or counted when so many tie that naming them says nothing."""
    if len(rows) > 2 * limit:
        return matter.words.say("tied_many", rank=rank, count=len(rows))
    people = matter.words.join(matter.naming.at_window(row["no"], row["window"]) for row in rows)
    return matter.words.say("tied", people=people, rank=rank) if len(rows) > 1 else people


def praised_by_rank(matter: Matter) -> set[str]:
    """Who is named among the first."""
    limit = matter.policy.ranking.publish_top
    return {row["no"] for _, rows in top_groups(matter) if len(rows) <= 2 * limit for row in rows}


def unranked(matter: Matter) -> list[str]:
    """How many are not ranked, by reason."""
    counts = Counter(row["reason"] for row in matter.edition["unranked"])
    words = matter.words
    told = [
        words.say("ranking.unranked_reason", reason=words.say(f"reason.{reason}"), count=counts[reason])
        for reason in REASONS
        if counts[reason]
    ]
    return [words.say("ranking.unranked", reasons=words.join(told))] if told else []


def bands(matter: Matter) -> list[str]:
    """100分以上的窗口：…; one sentence a band, in the order of the ranking."""
    found: dict[str, list[str]] = {}
    for row in matter.edition["windows"]:
        if band := band_of(matter.tiers.bands, Decimal(row["score"])):
            found.setdefault(band.name, []).append(printable(row["window"]))
    return [matter.words.say("bands.band", name=name, windows=matter.words.join(same)) for name, same in found.items()]


def bands_rest(matter: Matter) -> list[str]:
    """How many windows are below every band: counted, never passed over."""
    lowest = min((band.min for band in matter.tiers.bands), default=None)
    rest = [row for row in matter.edition["windows"] if lowest is not None and Decimal(row["score"]) < lowest]
    return [matter.words.say("bands.rest", count=len(rest))] if rest else []


def band_of(bands: list[Band], value: Decimal) -> Band | None:
    return next((band for band in bands if value >= band.min), None)
