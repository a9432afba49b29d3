"""Loading an engine where the machine may lack what it needs; nothing of it is imported before somebody asks."""

from typing import TYPE_CHECKING

from attendance.facts import Refused

if TYPE_CHECKING:
    from devices.face.examining import Examiner


def examiner(engine: str) -> "Examiner":
    """With its models in memory. Raises Refused("faces_unavailable") where they cannot be used."""
    try:
        from devices.face.engines import load
        from devices.face.examining import Examiner
        from devices.face.looking import Finder
    # opencv-python needs libGL and glib of the system, which a server without a screen may lack.
    except ImportError as error:
        raise Refused("faces_unavailable", reason=str(error)) from None
    return Examiner(load(engine), Finder())
