"""Which fonts a document is drawn with on this machine, and whether they can draw everything it says.

GB/T 9704 asks for 仿宋, 楷体, 小标宋 and 黑体. They are used where the system has them; Noto, from the system or from
the package pylopdf-fonts-zh-cn, stands in. A character that none of them has would print as a blank: it is found here
first.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, NamedTuple

Role = Literal["fangsong", "kai", "title", "hei", "song"]

LEGAL: dict[Role, tuple[str, ...]] = {
    "fangsong": ("FangSong_GB2312", "FangSong", "STFangsong", "FZFangSong-Z02", "FandolFang", "FandolFang R"),
    "kai": ("KaiTi_GB2312", "KaiTi", "STKaiti", "FandolKai", "FandolKai R", "LXGW WenKai", "AR PL UKai CN"),
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S GB2312"),
    "hei": ("SimHei", "STHeiti"),
    "song": ("SimSun", "STSong"),
}
STAND_INS: dict[Role, tuple[str, ...]] = {
    "fangsong": ("Noto Serif CJK SC", "Noto Serif SC"),
    "kai": ("Noto Serif CJK SC", "Noto Serif SC"),
    "title": ("Noto Serif CJK SC", "Noto Serif SC"),
    "hei": ("Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Zen Hei"),
    "song": ("Noto Serif CJK SC", "Noto Serif SC"),
}
RARE = ("Noto Serif CJK SC", "Noto Sans CJK SC", "SimSun-ExtB", "HanaMinB", "WenQuanYi Zen Hei")
"""Asked in this order for a character that a role's own fonts lack."""
DRAWN_BLANK = frozenset(" \u3000\t")


class Face(NamedTuple):
    """One font file, and which of the fonts in it."""

    path: Path
    number: int


class Fonts(NamedTuple):
    """The fonts each role is drawn with, in the order they are asked for a character."""

    families: dict[Role, list[str]]
    faces: dict[str, Face]
    stood_in: dict[Role, str]
    """The roles whose own font is not on this machine, and what stands in."""
    folders: list[Path]
    """Where to look besides the system."""

    def lacking(self, text: str) -> set[str]:
        """Characters that no font of some role can draw: what is printed may stand in any of them."""
        asked = set(text) - DRAWN_BLANK - {"\n"}
        return {char for families in self.families.values() for char in self._beyond(families, asked)}

    def _beyond(self, families: list[str], asked: set[str]) -> set[str]:
        for family in families:
            if not asked:
                break
            drawn = coverage(self.faces[family])
            asked = {char for char in asked if ord(char) not in drawn}
        return asked


@cache
def coverage(face: Face) -> frozenset[int]:
    """Every code point a font draws."""
    from fontTools.ttLib import TTFont

    with TTFont(face.path, fontNumber=face.number, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def fonts_here(*, system: bool = True) -> Fonts:
    """The fonts of this machine; without `system`, those of the package alone."""
    package = _package_folder()
    faces = _faces(package, system=system)
    families: dict[Role, list[str]] = {}
    stood_in: dict[Role, str] = {}
    for role, legal in LEGAL.items():
        own = [family for family in legal if family in faces][:1]
        others = [family for family in STAND_INS[role] if family in faces]
        families[role] = list(dict.fromkeys([*own, *others, *(family for family in RARE if family in faces)]))
        if not own and families[role]:
            stood_in[role] = families[role][0]
    return Fonts(families, faces, stood_in, [package])


def _package_folder() -> Path:
    return Path(str(files("pylopdf_fonts_zh_cn")))


def _faces(package: Path, *, system: bool) -> dict[str, Face]:
    """Every upright face by family, the regular weight where there are several."""
    import typst

    found: dict[str, tuple[int, Face]] = {}
    known = typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=[package])
    for font in known.fonts():
        if font.style == "normal" and font.path:
            off_regular = abs(font.weight - 400)
            if font.family not in found or off_regular < found[font.family][0]:
                found[font.family] = (off_regular, Face(Path(font.path), font.index))
    return {family: face for family, (_, face) in found.items()}


def unprintable_names(names: Mapping[str, str], fonts: Fonts | None = None) -> list[dict[str, object]]:
    """Names that no font of this machine can print, as open questions of a month (kind, subject, since, detail)."""
    fonts = fonts or fonts_here()
    lacking = fonts.lacking("".join(names.values()))
    return [
        {"kind": "unprintable_name", "subject": no, "since": None, "detail": {"no": no, "characters": shown}}
        for no, name in sorted(names.items())
        if (shown := code_points(char for char in name if char in lacking))
    ]


def code_points(characters: Iterable[str]) -> str:
    """Characters with their code points, for people whose screen cannot show them either: 𠮷（U+20BB7）."""
    return "、".join(f"{char}（U+{ord(char):04X}）" for char in dict.fromkeys(characters))
