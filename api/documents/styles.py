"""House styles: sections, their order and their wording, as data (`styles/*.toml`; docs/bulletins.md).

A style of the hall's own lies in its folder, `<data>/styles/<name>.toml`. What differs from hall to hall (issuer,
agency word, who gets copies) stands in `<data>/bulletin.toml` and is laid over whichever style is used.
"""

import tomllib
from collections.abc import Collection
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any, Literal

import msgspec

from api.documents.annexes import ANNEXES, PERSONAL
from api.documents.says import SAYS
from attendance.facts import Refused

BUILT_IN = files("api.documents").joinpath("styles")
COMMON = "common"
DEFAULT = "analysis"
HALL_FILE = "bulletin.toml"

Json = dict[str, Any]
ALWAYS = frozenset({"year", "month", "next_month", "hall", "issuer"})
"""Details that every sentence, heading and title may speak of."""


class House(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a hall writes about itself."""

    hall: str
    issuer: str
    letterhead: str = ""
    """发文机关标志; empty: no red head."""
    agency_word: str = ""
    """发文机关代字, before the number."""
    addressees: str = ""
    copies: str = ""
    printed_by: str = ""
    publicness: str = ""
    date_style: Literal["arabic", "old"] = "arabic"
    colophon_before_annexes: bool = False
    show_signer: bool = False


class Layout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands around the sections."""

    title: list[str]
    opening: str = ""
    closing: str = ""
    annexes: list[str] = []
    public_annexes: list[str] = []
    inspectors_words: bool = False
    """Findings in the inspector's own words rather than by the name of their code; never in the public edition."""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One paragraph of a section: what it says, in order; with `each`, every sentence is a paragraph of its own."""

    says: list[str]
    lead: str = ""
    each: bool = False


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A section; the editor's paragraphs for its id come after its parts. `none` is said when it has nothing to say."""

    id: str
    heading: str
    part: list[Part] = []
    free_lead: str = ""
    none: str = ""


class Style(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole house style, checked."""

    house: House
    layout: Layout
    section: list[Section]
    wording: Json
    table: Json
    description: str = ""
    name: str = ""


def style_names(folder: Path | None = None) -> list[str]:
    """Every style there is: the built-in ones and the hall's own."""
    built_in = {Path(entry.name).stem for entry in BUILT_IN.iterdir() if entry.name.endswith(".toml")} - {COMMON}
    own = {path.stem for path in (folder / "styles").glob("*.toml")} if folder else set()
    return sorted(built_in | own)


def read_style(name: str = "", folder: Path | None = None) -> Style:
    """A style by name, else the hall's own choice, else the default; with what the hall's file says laid over it.

    Raises Refused for an unknown style, or one that cannot be read, naming the key.
    """
    hall = _hall_file(folder)
    chosen = name or hall.get("style", DEFAULT)
    if chosen not in style_names(folder):
        raise Refused("style_unknown", "style", style=chosen, known=style_names(folder))
    common = _toml(BUILT_IN.joinpath(f"{COMMON}.toml").read_text(encoding="utf-8"), COMMON)
    own = _toml(_text(chosen, folder), chosen)
    over: Json = {key: value for key, value in hall.items() if key != "style"}
    merged = _laid_over(_laid_over(common, own), over)
    try:
        style = msgspec.convert({**merged, "name": chosen}, Style)
    except msgspec.ValidationError as error:
        raise Refused("style_wrong", "style", style=chosen, problem=error) from error
    _check(style, common)
    return style


def _hall_file(folder: Path | None) -> Json:
    path = folder / HALL_FILE if folder else None
    return _toml(_own_text(path, HALL_FILE), HALL_FILE) if path and path.exists() else {}


def _text(name: str, folder: Path | None) -> str:
    own = folder / "styles" / f"{name}.toml" if folder else None
    if own and own.exists():
        return _own_text(own, name)
    return BUILT_IN.joinpath(f"{name}.toml").read_text(encoding="utf-8")


def _own_text(path: Path, style: str) -> str:
    """A file that the hall wrote, with or without the mark that Windows puts before UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("style_wrong", "style", style=style, problem=error) from error


def _toml(text: str, style: str) -> Json:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused("style_wrong", "style", style=style, problem=error) from error


def _laid_over(under: Json, over: Json) -> Json:
    merged = dict(under)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(under.get(key), dict)
        merged[key] = _laid_over(under[key], value) if both else value
    return merged


def _check(style: Style, common: Json) -> None:
    """A style may say things otherwise, but with the same details: an unknown one would print as an empty brace."""
    named: list[tuple[str, Collection[str]]] = [
        (say, SAYS) for section in style.section for part in section.part for say in part.says
    ]
    named += [(annex, ANNEXES) for annex in (*style.layout.annexes, *style.layout.public_annexes)]
    for name, known in named:
        if name not in known:
            raise Refused("style_wrong", "style", style=style.name, problem=name)
    if personal := PERSONAL.intersection(style.layout.public_annexes):
        raise Refused("style_names_people", "public_annexes", style=style.name, annex=min(personal))
    for key, sentence in _sentences(style.wording):
        allowed = _placeholders(_find(common["wording"], key)) | ALWAYS
        if wrong := _placeholders(sentence) - allowed:
            raise Refused("style_wrong", "style", style=style.name, problem=f"{key}: {{{min(wrong)}}}")


def _sentences(wording: Json, path: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in wording.items():
        here = f"{path}.{key}" if path else key
        found += _sentences(value, here) if isinstance(value, dict) else [(here, value)]
    return found


def _find(wording: Json, key: str) -> Any:
    """The common sentence of a key; a variant such as `bonus.item_speed_up` has the details of `bonus.item`."""
    value: Any = wording
    for name in key.split("."):
        if not isinstance(value, dict):
            return ""
        value = value.get(name) or next((value[known] for known in value if name.startswith(f"{known}_")), "")
    return value


def _placeholders(sentence: Any) -> set[str]:
    texts = sentence if isinstance(sentence, list) else [sentence]
    try:
        return {name for text in texts for _, name, _, _ in Formatter().parse(str(text)) if name is not None}
    except ValueError as error:
        return {str(error)}
