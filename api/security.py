"""What a browser is told to refuse, on every answer to people."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.doors import is_terminals

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
INSTALLED = ("/patrol", "/terminal", "/faces")
"""Pages of a device: they take pictures, show them before they are sent, and some work without a network."""
INSTALLED_POLICY = "; ".join((POLICY, "worker-src 'self'", "manifest-src 'self'")).replace(
    "img-src 'self'", "img-src 'self' blob:"
)
CAMERA_ALLOWED = "camera=(self), geolocation=(), microphone=()"
A_YEAR = "max-age=31536000"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class SecurityHeaders:
    """Adds the headers; pages with personal data are also kept out of every cache."""

    def __init__(self, app: ASGIApp, *, hsts: bool = False) -> None:
        self.app = app
        self._headers = HEADERS | ({"Strict-Transport-Security": A_YEAR} if hsts else {})
        self._installed = self._headers | {
            "Content-Security-Policy": INSTALLED_POLICY,
            "Permissions-Policy": CAMERA_ALLOWED,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_terminals(scope["path"]):
            await self.app(scope, receive, send)
            return
        lasting = scope["path"].startswith("/static/")
        ours = self._installed if _is_installed(scope["path"]) else self._headers

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(ours)
                headers.setdefault("Cache-Control", "public, max-age=300" if lasting else "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _is_installed(path: str) -> bool:
    return any(path == page or path.startswith(f"{page}/") for page in INSTALLED)
