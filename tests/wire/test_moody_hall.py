"""Several terminals at once, each in changing moods, lines breaking under them: nothing lost, nothing twice."""

from datetime import datetime, timedelta
from random import Random
from threading import Thread

import pytest
from wires import OpenDoor

from devices.exchange import NotAcknowledged
from devices.zkteco.simulator import SimulatedTerminal

MORNING = datetime(2026, 9, 1, 8)
SERIALS = ("A001", "A002", "A003")


def live(terminal: SimulatedTerminal, dice: Random) -> None:
    """Punches come, uploads break off, the terminal starts again; in the end all is calm and the rest goes out."""
    at = MORNING
    for _ in range(25):
        for _ in range(dice.randrange(1, 30)):
            at += timedelta(seconds=dice.randrange(3))
            terminal.punch(str(dice.randrange(1, 50)), at)
        terminal.mood.length = dice.choice(["right", "chunked"])
        terminal.mood.line_end = dice.choice(["\n", "\r\n"])
        terminal.mood.forgetful = dice.random() < 0.1
        terminal.mood.cut_after = dice.randrange(300) if dice.random() < 0.3 else None
        try:
            terminal.upload()
        except NotAcknowledged as refused:
            assert refused.reply.status == 0
        if dice.random() < 0.1:
            terminal.handshake()
    terminal.mood.cut_after = None
    terminal.upload()


@pytest.mark.parametrize("seed", [1, 2])
def test_every_punch_arrives_once(door: OpenDoor, seed: int) -> None:
    for serial in SERIALS:
        door.accept(serial)
    terminals = [door.terminal(serial) for serial in SERIALS]
    lives = [Thread(target=live, args=[terminal, Random(seed * 10 + n)]) for n, terminal in enumerate(terminals)]
    for life in lives:
        life.start()
    for life in lives:
        life.join()
    expected = {(terminal.serial, *line.split("\t")[:2]) for terminal in terminals for line in terminal.log}
    punches = [(punch.terminal, punch.pin, str(punch.at)) for punch in door.punches()]
    assert len(punches) == len(set(punches))
    assert set(punches) == expected
    assert door.quarantine() == []
