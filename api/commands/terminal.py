"""`manqin terminal`: this machine and its camera as a face terminal, without a browser."""

from pathlib import Path

import click

from api.text import language, say
from attendance.facts import Refused


@click.command("terminal", help=say("command.terminal", language()))
@click.option("--camera", default="0", metavar="N|URL|FILE", help=say("command.terminal_camera", language()))
@click.option("--server", required=True, metavar="https://…", help=say("command.terminal_server", language()))
@click.option("--ca", type=click.Path(path_type=Path), help=say("command.terminal_ca", language()))
@click.option(
    "--folder", type=click.Path(path_type=Path), required=True, help=say("command.terminal_folder", language())
)
@click.option("--engine", default="sface", help=say("command.terminal_engine", language()))
@click.option("--window/--no-window", default=None, help=say("command.terminal_window", language()))
def terminal_(camera: str, server: str, ca: Path | None, folder: Path, engine: str, window: bool | None) -> None:
    if not server.startswith("https://"):
        raise Refused("server_not_https", "--server", server=server)
    try:
        from api.terminal.running import Wanted, run
    # opencv-python needs libGL and glib of the system, which a machine without a screen may lack.
    except ImportError as error:
        raise Refused("faces_unavailable", reason=str(error)) from None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    run(Wanted(server, folder, camera, "en" if language() == "en" else "zh", ca, engine, window))
