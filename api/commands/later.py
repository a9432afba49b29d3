"""What the contract names and a later version brings."""

import click

from api.text import language, say
from attendance.facts import Refused


def _later(name: str) -> click.Command:
    @click.command(
        name,
        help=say(f"command.{name}", language()),
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
    def command() -> None:
        raise Refused("comes_later", command=name)

    return command


verify_ = _later("verify")
