"""加分情况: what windows did, alone or together, and what single people did."""

from typing import Any

from api.documents.matter import Matter
from api.documents.naming import joint_windows

Json = dict[str, Any]


def windows(matter: Matter) -> list[str]:
    """…窗口主动为企业提供上门服务4次、…；联合、思源水务窗口…"""
    told = [_claim(matter, row) for row in matter.edition["bonus"] if row["windows"]]
    return [matter.words.say("bonus.list", claims=matter.words.clauses(told))] if told else []


def _claim(matter: Matter, row: Json) -> str:
    words = matter.words
    items = words.join(
        words.variant("bonus.item", item["code"], name=item_name(matter, item["code"]), count=item["count"])
        for item in row["items"]
    )
    told = {"windows": joint_windows(row["windows"], words), "items": items}
    return (
        words.variant("bonus.windows", "joint", **told)
        if len(row["windows"]) > 1
        else words.say("bonus.windows", **told)
    )


def item_name(matter: Matter, code: str) -> str:
    found = matter.policy.bonus_items().get(code)
    return found.name if found else code


def deeds(matter: Matter) -> list[str]:
    """拾金不昧的有…; what people were credited with by name, item by item."""
    by_item: dict[str, list[tuple[str, int]]] = {}
    for row in matter.edition["bonus"]:
        for item in row["items"]:
            if row["no"]:
                by_item.setdefault(item["code"], []).append((row["no"], item["count"]))
    return [_deed(matter, code, credited) for code, credited in by_item.items()]


def _deed(matter: Matter, code: str, credited: list[tuple[str, int]]) -> str:
    staff, words = matter.edition["staff"], matter.words
    people = words.join(matter.naming.at_window(no, staff.get(no, {}).get("window", "")) for no, _ in credited)
    total = sum(count for _, count in credited)
    return words.say("bonus.deeds", name=item_name(matter, code), people=people, count=total)


def praised_by_deed(matter: Matter) -> set[str]:
    """Who is named for something good they did."""
    return {row["no"] for row in matter.edition["bonus"] if row["no"]}
