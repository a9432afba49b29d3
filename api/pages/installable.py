"""Pages that live on a device and start without a network: their files, and the worker that keeps them there.

The worker's name for what it keeps is the hash of all files, so that another version is another name: a page is the old
one or the new one, never half of each.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from starlette.responses import Response

from api.pages.frame import HERE

STATIC = HERE / "static"
JAVASCRIPT = "text/javascript; charset=utf-8"
MANIFEST = "application/manifest+json"
ICONS = [
    {"src": "/static/seal.svg", "sizes": "any", "type": "image/svg+xml"},
    {"src": "/static/seal-192.png", "sizes": "192x192", "type": "image/png"},
    {"src": "/static/seal-512.png", "sizes": "512x512", "type": "image/png"},
    {"src": "/static/seal-maskable-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
]


@dataclass(frozen=True)
class Installable:
    """One such page."""

    name: str
    path: str
    """The page itself, and what the worker is allowed to stand before: everything under it."""
    parts: tuple[str, ...]
    """Its scripts, styles and pictures, as patterns below `static`."""

    def worker(self, made: Mapping[str, bytes]) -> Response:
        """The worker's script. `made` are the files that are not on the disk, by path: the page, its words."""
        files = {f"/static/{path}": (STATIC / path).read_bytes() for path in self._on_disk()} | dict(made)
        listed = [[path, f"sha256-{b64encode(sha256(content).digest()).decode()}"] for path, content in files.items()]
        version = sha256(json.dumps(listed).encode()).hexdigest()[:16]
        page = {"name": self.name, "start": self.path, "version": version, "files": listed}
        script = f"const PAGE = {json.dumps(page)};\n{(STATIC / 'worker.js').read_text(encoding='utf-8')}"
        return Response(script, media_type=JAVASCRIPT, headers={"Service-Worker-Allowed": self.path})

    def _on_disk(self) -> list[str]:
        return sorted(str(path.relative_to(STATIC)) for part in self.parts for path in STATIC.glob(part))
