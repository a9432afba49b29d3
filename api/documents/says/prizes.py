"""评优: prizes, the red flag, honours and excellent windows, from the policy's own list of prizes."""

from typing import Any

from api.documents.matter import Matter
from api.documents.naming import printable
from api.documents.says.ranking import tied_groups
from attendance.policy import Prize

Json = dict[str, Any]


def _winners(matter: Matter, prize: Prize) -> list[str]:
    return [row["winner"] for row in matter.edition["prizes"] if row["prize"] == prize.name]


def _person(matter: Matter, no: str) -> str:
    return matter.naming.at_window(no, _window(matter, no))


def _window(matter: Matter, no: str) -> str:
    """The window under which somebody is ranked."""
    return next((row["window"] for row in matter.edition["ranking"] if row["no"] == no), "")


def _of(matter: Matter, scope: str, *, by_ratio: bool) -> list[Prize]:
    return [p for p in matter.policy.prize if p.scope == scope and (p.quota_ratio is not None) == by_ratio]


def prizes(matter: Matter) -> list[str]:
    """评选出…、…、…分别获一、二、三等奖; with ties or vacancies, prize by prize."""
    told = [(prize.name, _winners(matter, prize)) for prize in _of(matter, "person", by_ratio=False)]
    if not any(winners for _, winners in told):
        return []
    return [matter.words.say("prizes.list", prizes=_told(matter, told))]


def _told(matter: Matter, told: list[tuple[str, list[str]]]) -> str:
    words = matter.words
    if len(told) > 1 and all(len(winners) == 1 for _, winners in told):
        people = words.join(_person(matter, winners[0]) for _, winners in told)
        return words.say("prizes.each", people=people, prizes=_joined([name for name, _ in told], matter))
    return words.say("comma").join(
        words.say("prizes.one", people=words.join(_person(matter, no) for no in winners), prize=name)
        if winners
        else words.say("prizes.vacant", prize=name)
        for name, winners in told
    )


def _joined(names: list[str], matter: Matter) -> str:
    """一等奖, 二等奖, 三等奖 as 一、二、三等奖."""
    tail = names[0][1:]
    short = all(name[1:] == tail for name in names)
    return matter.words.join(name[0] for name in names) + tail if short else matter.words.join(names)


def flag(matter: Matter) -> list[str]:
    """本月流动红旗授予…"""
    told = []
    for prize in _of(matter, "window", by_ratio=False):
        if windows := _winners(matter, prize):
            names = matter.words.join(printable(window) for window in windows)
            told.append(matter.words.say("prizes.flag", prize=prize.name, windows=names))
    return told


def honours(matter: Matter) -> list[str]:
    """Honours that go to a share of everybody, by window: 公安窗口李某、雷某；…"""
    order = {row["window"]: place for place, row in enumerate(matter.edition["windows"])}
    told = []
    for prize in _of(matter, "person", by_ratio=True):
        pairs = [(no, _window(matter, no)) for no in _winners(matter, prize)]
        pairs.sort(key=lambda pair: order.get(pair[1], len(order)))
        if pairs:
            people = matter.naming.by_window(pairs)
            told.append(matter.words.say("prizes.honours", prize=prize.name, count=len(pairs), people=people))
    return told


def excellent(matter: Matter) -> list[str]:
    """对20个窗口单位进行量化考评，本月评出优秀服务窗口4个，分别是：…, ties said."""
    told = []
    for prize in _of(matter, "window", by_ratio=True):
        winners = set(_winners(matter, prize))
        rows = [row for row in matter.edition["windows"] if row["window"] in winners]
        if rows:
            details = {"candidates": len(matter.edition["windows"]), "count": len(rows), "prize": prize.name}
            kind = "one" if len(rows) == 1 else "several"
            told.append(
                matter.words.variant("prizes.excellent", kind, **details, windows=_ranked_windows(matter, rows))
            )
    return told


def _ranked_windows(matter: Matter, rows: list[Json]) -> str:
    words, told = matter.words, []
    for rank, same in tied_groups(rows):
        windows = words.join(printable(row["window"]) for row in same)
        told.append(words.say("tied_windows", windows=windows, rank=rank) if len(same) > 1 else windows)
    return words.join(told)


def praised_by_prize(matter: Matter) -> set[str]:
    """Who is named for a prize."""
    return {row["winner"] for row in matter.edition["prizes"] if row["scope"] == "person"}
