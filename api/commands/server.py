"""`manqin serve` and `manqin demo`."""

from pathlib import Path
from typing import Any

import click

from api.commands.place import Place, at_place
from api.text import language, say


@click.command("serve", help=say("command.serve", language()))
@click.option("--host", help=say("command.serve_host", language()))
@click.option("--port", type=click.IntRange(0, 65535), help=say("command.serve_port", language()))
@click.option("--https-port", type=click.IntRange(0, 65535), help=say("command.serve_https_port", language()))
@click.option("--name", "names", multiple=True, help=say("command.serve_name", language()))
@click.option("--certificate", type=click.Path(path_type=Path), help=say("command.serve_certificate", language()))
@click.option("--key", "certificate_key", type=click.Path(path_type=Path), help=say("command.serve_key", language()))
@at_place
def serve_(place: Place, names: tuple[str, ...], **given: Any) -> None:
    from api.server import serve

    serve(place.data, place.store, names=tuple(name.lower() for name in names) or None, **given)


@click.command("demo", help=say("command.demo", language()))
@click.option("--port", type=click.IntRange(0, 65535), help=say("command.serve_port", language()))
@click.option("--https-port", type=click.IntRange(0, 65535), help=say("command.serve_https_port", language()))
@at_place
def demo_(place: Place, port: int | None, https_port: int | None) -> None:
    from api.demo import demo

    demo(data=place.folder, port=port, https_port=https_port)
