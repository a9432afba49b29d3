"""What reads a phone's code in browsers that cannot: ZXing, sent to the terminal out of an installed package."""

from devices.face.models import Model

ZXING = Model(
    "nicegui_scanner",
    "static/zxing.min.js",
    "d7cc8f69dd70bdcf3ac00c9ae572bf2acb9f4132ba379c72df842e4db918652d",
)
"""Apache-2.0; the same bytes as `umd/index.min.js` of @zxing/library 0.21.3. No Python of the package runs."""


def reader() -> bytes:
    """The script. Raises Refused("faces_unavailable") where the package is not installed, or carries another file."""
    return ZXING.path().read_bytes()
