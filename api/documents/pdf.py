"""The bulletin as PDF: typst draws it, and gets what it says as JSON, so that no text is ever read as markup."""

from functools import cache
from importlib.resources import files

import msgspec

from api.documents.bulletin import Bulletin
from api.documents.fonts import Fonts, code_points, fonts_here
from attendance.facts import Refused


@cache
def _template() -> bytes:
    return files("api.documents").joinpath("bulletin.typ").read_bytes()


def pdf(bulletin: Bulletin, names: dict[str, str], fonts: Fonts | None = None) -> bytes:
    """The document. Raises Refused, with the characters and whose names hold them, rather than print blanks."""
    import typst

    fonts = fonts or fonts_here()
    _check_printable(bulletin, names, fonts)
    drawn_with = ", ".join(f"{role}: {families[0]}" for role, families in fonts.families.items())
    told = msgspec.structs.replace(bulletin, properties=bulletin.properties | {"fonts": drawn_with})
    data = {"bulletin": msgspec.to_builtins(told), "fonts": fonts.families}
    document: object = typst.compile(  # type: ignore[misc]  # the stub leaves its type of input open
        _template(), font_paths=list(fonts.folders), sys_inputs={"data": msgspec.json.encode(data).decode()}
    )
    assert isinstance(document, bytes)
    return document


def _check_printable(bulletin: Bulletin, names: dict[str, str], fonts: Fonts) -> None:
    text = bulletin.text()
    if not all(fonts.families.values()):
        raise Refused("no_fonts")
    if lacking := fonts.lacking(text):
        whose = [no for no, name in names.items() if lacking.intersection(name) and name in text]
        raise Refused("unprintable", characters=code_points(sorted(lacking)), staff=whose or ["—"])
