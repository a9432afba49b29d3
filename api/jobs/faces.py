"""Face templates that have no right to stay, destroyed every night: law.md asks for the shortest retention."""

from api.faces import today
from api.jobs.job import House, Said
from attendance.hall import Hall
from devices.face import VAULT

AT_HOUR, AT_MINUTE = 2, 50
ACTOR = "office"


def destroy_what_may_not_stay(house: House) -> Said:
    """Leavers, withdrawn and expired consents, forgotten people, and what a crash left over."""
    hall = house.hall
    used = (hall.folder.data / VAULT).exists() or hall.book().faces.standing()
    destroyed = _swept(hall) if used else 0
    return {"stored": len(hall.book().faces.standing()), "destroyed": destroyed}


def _swept(hall: Hall) -> int:
    # numpy comes with it, which a hall without faces need not load.
    from api.face_records import opened, sweep

    with opened(hall) as vault:
        return sweep(hall, vault, today(hall), ACTOR).total()
