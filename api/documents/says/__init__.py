"""What a bulletin can say, by the name that styles use. Each returns its sentences, or none where there is no data."""

from collections.abc import Callable

from api.documents.matter import Matter
from api.documents.says import attendance, bonus, patrol, prizes, ranking, ratings, volumes

Say = Callable[[Matter], list[str]]

SAYS: dict[str, Say] = {
    "full_attendance": attendance.full_attendance,
    "never_late": attendance.never_late,
    "often_late": attendance.often_late,
    "late_total": attendance.late_total,
    "late_heavy": attendance.late_heavy,
    "late_incidents": attendance.late_incidents,
    "findings": patrol.findings,
    "ranking": ranking.ranking,
    "unranked": ranking.unranked,
    "bands": ranking.bands,
    "bands_rest": ranking.bands_rest,
    "prizes": prizes.prizes,
    "flag": prizes.flag,
    "honours": prizes.honours,
    "excellent": prizes.excellent,
    "bonus": bonus.windows,
    "deeds": bonus.deeds,
    "volumes_total": volumes.total,
    "volumes_top": volumes.top,
    "volumes_shares": volumes.shares,
    "overdue": volumes.overdue,
    "ratings": ratings.ratings,
}
