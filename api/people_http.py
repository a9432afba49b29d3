"""HTTP for people's browsers, over TLS."""

import sys
from asyncio import Protocol
from typing import Literal


def people_protocol() -> type[Protocol] | Literal["auto"]:
    """The HTTP for uvicorn: one that can be stopped while browsers keep their connections open."""
    if sys.platform == "win32":
        return "auto"
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

    class PeopleHttp(HttpToolsProtocol):
        """Ends an idle connection at once: TLS would else wait half a minute for the browser's farewell."""

        def shutdown(self) -> None:
            idle = self.cycle is None or self.cycle.response_complete
            if idle and self.transport.get_write_buffer_size() == 0:
                self.transport.abort()
            else:
                super().shutdown()

    return PeopleHttp
