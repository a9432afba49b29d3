"""The demo hall: a fictional hall whose month comes in through the real doors."""

from pathlib import Path


def demo(data: Path | None = None, port: int | None = None, https_port: int | None = None) -> None:
    """Open the demo hall and serve it until told to stop. Raises Refused for a folder that holds a real hall."""
    # What the command line reads to answer `--help` must not load a server.
    from api.demo.opening import open_demo

    open_demo(data, port, https_port)
