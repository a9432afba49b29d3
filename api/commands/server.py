"""`manqin serve` and `manqin demo`."""

import click

from api.commands.place import Place, at_place
from api.text import language, say


@click.command("serve", help=say("command.serve", language()))
@click.option("--host", help=say("command.serve_host", language()))
@click.option("--port", type=click.IntRange(0, 65535), help=say("command.serve_port", language()))
@at_place
def serve_(place: Place, host: str | None, port: int | None) -> None:
    from api.server import serve

    serve(place.data, place.store, host, port)


@click.command("demo", help=say("command.demo", language()))
@click.option("--port", type=click.IntRange(0, 65535), help=say("command.serve_port", language()))
@at_place
def demo_(place: Place, port: int | None) -> None:
    from api.demo import demo

    demo(data=place.folder, port=port)
