"""How a face was recognised, as an event keeps it: what decided, and by how much. Nothing biometric."""

import msgspec


class Recognition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The figures behind one decision of a face engine. From none of them can a face be made or found."""

    engine: str
    """sface or dlib"""
    model: str
    """SHA-256 of the model that made the templates compared."""
    score: float
    """Likeness to the person's own template: the cosine, or for dlib one minus the distance."""
    threshold: float
    """What the score had to reach."""
    margin: float | None = None
    """How far the next likest person was behind; absent when only the person's own template was looked at (1:1)."""
    liveness: str = ""
    """The challenge that was met: turn_left, turn_right, blink or closer; empty when none was asked."""
