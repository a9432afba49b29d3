"""Ranking and prizes (scoring.md, The ranking)."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from attendance.policy import Policy, Prize

Key = tuple[Any, ...]
"""What something is ranked by: greater is better, part by part."""


class Place(NamedTuple):
    """A rank and who holds it, by position in the list that was ranked."""

    rank: int
    item: int


def places(keys: Sequence[Key]) -> list[Place]:
    """Ranks by descending key; equals share a rank and the next rank skips (1, 2, 2, 4), in the order given."""
    order = sorted(range(len(keys)), key=lambda index: keys[index], reverse=True)
    found: list[Place] = []
    for count, index in enumerate(order, 1):
        same = found and keys[found[-1].item] == keys[index]
        found.append(Place(found[-1].rank if same else count, index))
    return found


class Candidate(NamedTuple):
    """Who may win: a staff number or a window, its rank, and the window it belongs to."""

    who: str
    rank: int
    window: str
    vetoed: bool = False


class Award(NamedTuple):
    prize: str
    scope: str
    winner: str


def awards(policy: Policy, people: Sequence[Candidate], windows: Sequence[Candidate]) -> list[Award]:
    """Prizes with a quota follow one another down the ranking (一、二、三等奖); one by ratio starts at the top again;
    one with a rule (流动红旗) goes to the window of each winner of the first prize for people."""
    candidates = {"person": people, "window": windows}
    taken = {"person": 0, "window": 0}
    first = next((prize for prize in policy.prize if prize.scope == "person" and not prize.rule), None)
    found: list[Award] = []
    for prize in policy.prize:
        if prize.rule:
            found += [Award(prize.name, prize.scope, window) for window in _flag_windows(first, people)]
            continue
        among = candidates[prize.scope]
        start = 1 if prize.quota is None else taken[prize.scope] + 1
        slots = prize_slots(prize, len(among))
        if prize.quota is not None:
            taken[prize.scope] += slots
        found += [Award(prize.name, prize.scope, who) for who in winners(among, start, slots)]
    return found


def _flag_windows(first: Prize | None, people: Sequence[Candidate]) -> list[str]:
    """The windows of the first prize's winners, each once."""
    if first is None:
        return []
    won = set(winners(people, 1, prize_slots(first, len(people))))
    return list(dict.fromkeys(one.window for one in people if one.who in won))


def prize_slots(prize: Prize, candidates: int) -> int:
    """How many ranks an award spans: its quota, or `max(1, round half-up(n × ratio))`."""
    if prize.quota is not None or prize.quota_ratio is None:
        return prize.quota or 0
    return max(1, int((prize.quota_ratio * candidates).quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def winners(candidates: Sequence[Candidate], start: int, slots: int) -> list[str]:
    """Those whose rank lies in the award's slots. The vetoed take none, and nobody moves up."""
    return [one.who for one in candidates if start <= one.rank < start + slots and not one.vetoed]
