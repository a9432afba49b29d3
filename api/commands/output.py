"""What commands print: JSON alone on standard output, everything for people on standard error or as a table."""

import json
import unicodedata
from collections.abc import Iterable

import click

from api.text import language, say


def put_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def tell(key: str, **details: object) -> None:
    """A message to the person at the terminal."""
    click.echo(say(key, language(), **details), err=True)


def padded(text: str, columns: int) -> str:
    """Text filled up to a width of the terminal, on which a Chinese character takes two columns."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return text.ljust(columns - wide)


def put_table(rows: Iterable[Iterable[object]]) -> None:
    """Rows for reading, columns parted by tabs."""
    for row in rows:
        click.echo("\t".join("" if cell is None else str(cell) for cell in row))
