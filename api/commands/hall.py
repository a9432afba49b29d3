"""`manqin init` and `manqin rebuild`."""

from importlib.resources import files
from pathlib import Path

import click

from api.commands.output import tell
from api.commands.place import Place, at_place
from api.text import language, say
from attendance.facts import Refused
from attendance.hall import Hall
from attendance.policy import adopt, unapplied


@click.command("init", help=say("command.init", language()))
@click.option("--policy", type=click.Path(path_type=Path), help=say("command.init_policy", language()))
@at_place
def init_(place: Place, policy: Path | None) -> None:
    text = policy_text(policy) if policy else default_policy()
    adopted = adopt(text)
    Hall.found(place.data, text, place.store).close()
    if keys := unapplied(text):
        tell("command.init_unapplied", keys=keys)
    tell("command.init_done", data=place.data, id=adopted.id, version=adopted.version)


def default_policy() -> str:
    """The policy that comes with Manqin."""
    return files("attendance").joinpath("defaults/policy.toml").read_text(encoding="utf-8")


def policy_text(path: Path) -> str:
    """A policy file a person named. Raises Refused when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Refused("file_unreadable", problem=f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Refused("policy_encoding") from error


@click.command("rebuild", help=say("command.rebuild", language()))
@at_place
def rebuild_(place: Place) -> None:
    from projections.ledger import Ledger

    with place.hall() as hall:
        tell("command.rebuild_done", position=Ledger(hall).rebuild())
