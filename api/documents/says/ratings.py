"""评价情况: ratings by level, the satisfied share with its whole, and bad ones verified."""

from api.documents.matter import Matter
from api.documents.words import percent


def ratings(matter: Matter) -> list[str]:
    """本月收到评价…条，其中…；满意率…"""
    words, levels = matter.words, matter.edition["ratings"]["levels"]
    total = sum(levels.values())
    if not total:
        return []
    known = [level for level in matter.policy.evaluation.levels if level in levels]
    known += [level for level in levels if level not in known]
    good = [level for level in matter.policy.evaluation.levels if level not in matter.policy.evaluation.bad_levels]
    told = [words.say("ratings.level", name=level, count=levels[level]) for level in known]
    share = percent(sum(levels.get(level, 0) for level in good), total, 2)
    sentences = [words.say("ratings.total", total=total, levels=words.join(told), share=share, good=words.join(good))]
    if bad := matter.edition["ratings"]["bad_verified"]:
        sentences.append(words.say("ratings.bad", count=bad))
    return sentences
