"""Pairing a device with a terminal of the register, and ending it: the fact, and the credential that goes with it."""

from uuid import uuid4

from api.kiosk.desk import Desk
from api.kiosk.passcodes import WAY_OUT, accept
from attendance.facts import Refused
from attendance.hall import Draft
from attendance.pairing import pair, unpair


def begin(
    desk: Desk,
    actor: str,
    *,
    code: str,
    way_out: str,
    sn: str = "",
    name: str = "",
    zone: str = "",
    challenge: str = "random",
    names: str = "surname",
    borrows: bool = False,
) -> str:
    """The device that shows a code is this terminal from now on; returns its serial number. Raises Refused."""
    waiting = desk.codes.asked(code)
    if not way_out and not (sn and desk.passcodes.state(WAY_OUT + sn)):
        raise Refused("missing", "way_out")
    if way_out:
        accept(way_out)

    def paired(draft: Draft) -> str:
        wishes = {"sn": sn, "name": name, "zone": zone, "challenge": challenge, "names": names}
        return pair(draft, pairing=str(uuid4()), borrows=borrows, **wishes)

    number = desk.hall.decide(paired, actor)
    if way_out:
        desk.passcodes.choose(WAY_OUT + number, way_out, own=False)
    waiting.credential = desk.credentials.renew(number)
    return number


def end(desk: Desk, sn: str, actor: str) -> None:
    """The device is nobody's from now on: what it sends is refused. Raises Refused when there is none."""
    desk.hall.decide(lambda draft: unpair(draft, sn=sn), actor)
    desk.credentials.end_others(sn, "")
    desk.last[sn] = []
