"""`manqin terminal`: this machine and its camera as a face terminal, without a browser."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.commands.output import tell
from api.text import catalogue, language, say
from attendance.facts import Refused

if TYPE_CHECKING:
    from devices.face.terminal.line import HallLine
    from devices.face.terminal.watching import Happening

ASK_EVERY = 2.0
"""Seconds between two looks whether the code was typed in the office."""
BEFORE_AGAIN = 5.0


@click.command("terminal", help=say("command.terminal", language()))
@click.option("--camera", default="0", metavar="N|FILE", help=say("command.terminal_camera", language()))
@click.option("--server", required=True, metavar="https://…", help=say("command.terminal_server", language()))
@click.option("--ca", type=click.Path(path_type=Path), help=say("command.terminal_ca", language()))
@click.option(
    "--folder", type=click.Path(path_type=Path), required=True, help=say("command.terminal_folder", language())
)
@click.option("--engine", default="sface", help=say("command.terminal_engine", language()))
def terminal_(camera: str, server: str, ca: Path | None, folder: Path, engine: str) -> None:
    from devices.face.terminal.clocks import clocks
    from devices.face.terminal.line import HallLine

    if not server.startswith("https://"):
        raise Refused("server_not_https", "--server", server=server)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = HallLine(server, folder / "credential", clocks(), ca)
    try:
        pair(line)
        watch(line, folder, camera, engine)
    finally:
        line.close()


def pair(line: "HallLine") -> None:
    """Show codes until one is typed in the office; nothing where the device is paired already."""
    from devices.face.terminal.line import NoHall, Unpaired

    while True:
        try:
            line.state()
            return
        except Unpaired:
            if _shown(line):
                return
        except NoHall as gone:
            # Paired before, it works without the network too; never paired, it has to wait.
            if line.has_credential:
                return
            tell("terminal.said.no_hall", why=gone)
            time.sleep(BEFORE_AGAIN)


def _shown(line: "HallLine") -> bool:
    """One code, from its beginning to its end; true when it was typed."""
    code, claim, seconds = line.begin_pairing()
    tell("terminal.said.code", code=f"{code[:3]} {code[3:]}", minutes=max(1, round(seconds / 60)))
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        paired = line.paired(claim)
        if paired is None:
            return False
        if paired:
            tell("terminal.said.paired")
            return True
        time.sleep(ASK_EVERY)
    return False


def watch(line: "HallLine", folder: Path, source: str, engine: str) -> None:
    """Look until the film ends, or somebody stops the program."""
    from devices.face.terminal.camera import Camera
    from devices.face.terminal.clocks import clocks
    from devices.face.terminal.kept import Kept
    from devices.face.terminal.lease import Lease
    from devices.face.terminal.line import Unpaired
    from devices.face.terminal.watching import Watching
    from devices.face.workers import Workers

    camera, kept, looker = Camera(source), Kept(folder / "kept.db"), Workers(engine, 1)
    here = clocks()
    lease = Lease(folder / "gallery.bin", here.mono)
    try:
        Watching(line, kept, lease, looker, here, speak).run(camera)
    except Unpaired:
        raise Refused("terminal_unpaired") from None
    finally:
        lease.end()
        looker.close()
        kept.close()
        camera.close()


def speak(happening: "Happening") -> None:
    """What happened, in words: the hall's own where it sent some."""
    details = dict(happening.details)
    if reasons := details.pop("reasons", ()):
        details["why"] = say(f"face.reason.{reasons[0]}", language())
    if step := details.pop("step", ""):
        details["step"] = say(f"kiosk.step.{step}", language())
    code = happening.code
    if code == "not_done" or (code == "unclear" and reasons):
        code = "why"
    known = f"terminal.said.{code}" in catalogue(language())
    tell(f"terminal.said.{code if known else 'other'}", **{"why": "", **details})
