"""Where the hall lies, and how commands open it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.text import language, say

if TYPE_CHECKING:
    from attendance.hall import Hall
    from projections.ledger import Ledger

Command = Callable[..., Any]


@dataclass
class Place:
    """The hall's folder and store, as given before or after the command's name."""

    folder: Path | None
    store: str

    @property
    def data(self) -> Path:
        if self.folder is None:
            raise click.UsageError(say("command.data_missing", language()))
        return self.folder

    @contextmanager
    def hall(self) -> "Iterator[Hall]":
        """The hall, open. Raises Refused when there is none."""
        from attendance.hall import Hall

        hall = Hall.open(self.data, self.store)
        try:
            yield hall
        finally:
            hall.close()

    @contextmanager
    def ledger(self) -> "Iterator[Ledger]":
        """The hall's read side, caught up with the log."""
        from projections.ledger import Ledger

        with self.hall() as hall:
            ledger = Ledger(hall)
            ledger.follow()
            yield ledger


pass_place = click.make_pass_decorator(Place)


def at_place(command: Command) -> Command:
    """Let a command take `--data` and `--store` after its name too, and hand it the Place."""

    def remember(field: str) -> Callable[[click.Context, click.Parameter, Any], None]:
        def keep(ctx: click.Context, _: click.Parameter, value: Any) -> None:
            if value is not None:
                setattr(ctx.find_object(Place), field, value)

        return keep

    path = click.Path(path_type=Path)
    data = click.option(
        "--data", type=path, expose_value=False, callback=remember("folder"), help=say("command.data", language())
    )
    store = click.option(
        "--store", expose_value=False, callback=remember("store"), help=say("command.store", language())
    )
    return data(store(pass_place(command)))


as_json = click.option("--json", "as_json", is_flag=True, help=say("command.json", language()))
