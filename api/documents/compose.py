"""A bulletin from its matter: sections in the order of the house style, every sentence from data. Pure."""

from itertools import count
from typing import Any

from api.documents.annexes import ANNEXES, Titled, annex_note, annexes
from api.documents.bulletin import Block, Bulletin, Colophon, Heading, Masthead, Paragraph
from api.documents.matter import Matter
from api.documents.naming import printable
from api.documents.public import fit_for_public
from api.documents.says import SAYS
from api.documents.says.volumes import disagreeing
from api.documents.styles import Part, Section
from api.text import say

Json = dict[str, Any]
OPENING, CLOSING, OTHER = "opening", "closing", "other"
"""Where the editor's paragraphs may stand besides the style's sections."""


def compose(matter: Matter) -> Bulletin:
    """The whole bulletin of a month that is not corrected."""
    matter, remarks = fit_for_public(matter)
    if units := disagreeing(matter):
        remarks.append(say("document.volumes_disagree", units=units))
    titled = told_annexes(matter)
    body = [*_around(matter, OPENING, matter.style.layout.opening), *sections(matter)]
    body += _around(matter, CLOSING, matter.style.layout.closing)
    return dressed(matter, title_lines(matter), body, titled, remarks)


def dressed(matter: Matter, title: list[str], body: list[Block], titled: list[Titled], remarks: list[str]) -> Bulletin:
    """Title and body with everything that official form puts around them."""
    house, words = matter.style.house, matter.words
    return Bulletin(
        masthead=masthead(matter),
        title=title,
        addressees=f"{house.addressees}：" if house.addressees else "",
        body=body,
        annex_note=annex_note(words, titled),
        issuer=house.issuer,
        dated=words.dated(matter.dated, old=house.date_style == "old"),
        publicness=f"（{house.publicness}）" if house.publicness and matter.public else "",
        annexes=annexes(words, titled),
        colophon=colophon(matter),
        properties=properties(matter),
        remarks=remarks,
    )


def title_lines(matter: Matter) -> list[str]:
    return [matter.words.fill(line) for line in matter.style.layout.title]


def masthead(matter: Matter) -> Masthead:
    """版头. What is not published has no number; it says what it is."""
    house, words = matter.style.house, matter.words
    number = words.say("draft.number", agency=house.agency_word, number=matter.number)
    mark = number if matter.number and house.agency_word else ""
    if not matter.number:
        mark = words.say(f"draft.{matter.state}")
    return Masthead(
        letterhead=house.letterhead, number=mark, signer=printable(matter.signer) if house.show_signer else ""
    )


def colophon(matter: Matter) -> Colophon:
    house = matter.style.house
    return Colophon(
        copies=house.copies,
        printed_by=house.printed_by,
        printed_on=matter.words.dated(matter.dated),
        before_annexes=house.colophon_before_annexes,
    )


def properties(matter: Matter) -> dict[str, str]:
    """What the file says of itself: a reader must be able to tell which edition this is and what it rests on."""
    as_of, policy = matter.edition["as_of"], matter.edition["policy"]
    return {
        "month": matter.month,
        "state": matter.state,
        "number": matter.number,
        "edition": "public" if matter.public else "internal",
        "style": matter.style.name,
        "policy": f"{policy['id']} {policy['version']} {policy['sha256'][:12]}",
        "position": str(as_of["position"]),
    }


def told_annexes(matter: Matter) -> list[Titled]:
    layout = matter.style.layout
    names = layout.public_annexes if matter.public else layout.annexes
    return [titled for name in names if (titled := ANNEXES[name](matter))]


def sections(matter: Matter) -> list[Block]:
    """Every section that has something to say, and at the end what the editor wrote for sections the style lacks."""
    blocks: list[Block] = []
    printed = 0
    for section in matter.style.section:
        told = _parts(matter, section) or ([Paragraph(section.none)] if section.none else [])
        if told:
            printed += 1
            cn = matter.words.number(printed)
            blocks += [Heading(matter.words.fill(section.heading, cn=cn, n=printed)), *told]
    return [*blocks, *homeless(matter)]


def homeless(matter: Matter) -> list[Paragraph]:
    """Paragraphs written for a section that this style does not have: printed at the end rather than lost."""
    known = {section.id for section in matter.style.section} | {OPENING, CLOSING}
    return [
        Paragraph(printable(text))
        for section, texts in matter.paragraphs.items()
        if section not in known
        for text in texts
    ]


def _parts(matter: Matter, section: Section) -> list[Paragraph]:
    """A section's paragraphs; those that have a lead are numbered among themselves."""
    told = [(part.lead, text) for part in section.part for text in _texts(matter, part)]
    told += [(section.free_lead, printable(text)) for text in matter.paragraphs.get(section.id, [])]
    numbers = count(1)
    return [Paragraph(text, _lead(matter, lead, next(numbers)) if lead else "") for lead, text in told]


def _texts(matter: Matter, part: Part) -> list[str]:
    sentences = [sentence for name in part.says for sentence in SAYS[name](matter)]
    return sentences if part.each else ["".join(sentences)] if sentences else []


def _lead(matter: Matter, lead: str, n: int) -> str:
    return matter.words.fill(lead, n=n, cn=matter.words.number(n))


def _around(matter: Matter, place: str, sentence: str) -> list[Paragraph]:
    """What the style says before or after the sections, and what the editor adds there."""
    own = [Paragraph(printable(text)) for text in matter.paragraphs.get(place, [])]
    return [*own, *([Paragraph(matter.words.fill(sentence))] if sentence else [])]
