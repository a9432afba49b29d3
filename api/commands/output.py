"""What commands print: JSON alone on standard output, everything for people on standard error or as a table."""

import json
from collections.abc import Iterable

import click

from api.text import language, say


def put_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def tell(key: str, **details: object) -> None:
    """A message to the person at the terminal."""
    click.echo(say(key, language(), **details), err=True)


def put_table(rows: Iterable[Iterable[object]]) -> None:
    """Rows for reading, columns parted by tabs."""
    for row in rows:
        click.echo("\t".join("" if cell is None else str(cell) for cell in row))
