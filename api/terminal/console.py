"""A terminal without a window: what would be shown is printed."""

import time

import click

from api.terminal.stage import Stage
from api.terminal.view import View

PAUSE = 0.1


class Console:
    """Prints what is new."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def show(self, view: View) -> None:  # noqa: ARG002 - its sentences were written when it was made
        self.print()
        time.sleep(PAUSE)

    def print(self) -> None:
        for sentence in self._stage.sentences():
            click.echo(sentence, err=True)

    def close(self) -> None:
        self._stage.view()
        self.print()
