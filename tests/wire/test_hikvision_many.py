"""Many terminals at once, each with a backlog: nothing lost, nothing doubled. The bench does the long form."""

from datetime import timedelta
from threading import Thread

from hikvisions import MORNING, listened_to
from wires import OpenDoor

from devices.hikvision.simulator import SimulatedTerminal

TERMINALS, BACKLOG = 20, 20
SHAPES = ("multipart", "json", "xml", "doubled")


def backlog(door: OpenDoor, number: int) -> SimulatedTerminal:
    """A terminal that was offline: its punches wait, among doors that opened."""
    terminal = listened_to(door, f"ENF{number:08d}", shape=SHAPES[number % len(SHAPES)], live=False)
    for at in range(BACKLOG):
        terminal.punch(f"{number}-{at % 7}", MORNING + timedelta(seconds=17 * at))
        terminal.happen(5, 21, MORNING + timedelta(seconds=17 * at))
    terminal.mood.forgetful = number % 5 == 0
    return terminal


def test_every_punch_of_every_backlog_arrives_once(door: OpenDoor) -> None:
    terminals = [backlog(door, number) for number in range(TERMINALS)]
    for terminal in terminals[::5]:
        terminal.upload()
    uploads = [Thread(target=terminal.upload) for terminal in terminals]
    for upload in uploads:
        upload.start()
    for upload in uploads:
        upload.join()
    punches = [(punch.terminal, punch.pin, str(punch.at)) for punch in door.punches()]
    assert len(punches) == len(set(punches)) == TERMINALS * BACKLOG
    assert {punch[0] for punch in punches} == {terminal.serial for terminal in terminals}
    assert door.quarantine() == []
