"""GET /api/v1/months/{month}/bulletin: who may take which document, and that it is noted."""

from io import BytesIO

import pytest
from docx import Document
from sites import MONTH, Site

PATH = f"/api/v1/months/{MONTH}/bulletin"
PK_ZIP, PDF = b"PK", b"%PDF"


def ask(site: Site, account: str, **query: str):
    with site.program(account) as client:
        return client.get(PATH, params=query)


def test_a_director_takes_each_format(site: Site):
    director = site.account("director-of-files", "director")
    for format, start in (("docx", PK_ZIP), ("xlsx", PK_ZIP), ("pdf", PDF)):
        answer = ask(site, director, format=format)
        assert answer.status_code == 200, answer.text
        assert answer.content.startswith(start)
        assert answer.headers["content-disposition"].endswith(f'-internal.{format}"')
        assert answer.headers["cache-control"] == "no-store"


def test_each_document_taken_is_an_event_of_who_takes_it_and_why(site: Site):
    director = site.account("director-of-files", "director")
    ask(site, director, format="docx", edition="public", reason="公示栏张贴")
    entry = list(site.hall.book().exports.find("month", MONTH))[-1]
    assert entry.actor == f"user:{director}"
    assert (entry.fact.edition, entry.fact.format) == ("public", "docx")
    assert site.hall.opened(entry.fact.reason) == "公示栏张贴"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"unit": "公安局"}, 403),
        ({"unit": "公安局", "edition": "public"}, 403),
        ({}, 200),
        ({"unit": "税务局"}, 200),
        ({"edition": "public"}, 200),
        ({"unit": "税务局", "format": "xlsx"}, 200),
    ],
)
def test_a_unit_s_contact_takes_the_unit_s_own_sheet_and_what_is_public(site: Site, query, status):
    contact = site.account("contact-of-tax", "unit_contact", unit="税务局")
    assert ask(site, contact, **{"format": "docx", **query}).status_code == status


def test_a_contact_who_names_no_unit_gets_the_unit_s_own_sheet(site: Site):
    contact = site.account("contact-of-tax", "unit_contact", unit="税务局")
    told = [paragraph.text for paragraph in Document(BytesIO(ask(site, contact, format="docx").content)).paragraphs]
    assert "税务局：" in told
    assert not any("孙可岚" in text for text in told)


def test_staff_take_nothing_out(site: Site):
    staff = site.account("staff-of-tax", "staff", no="0101")
    assert ask(site, staff, format="docx", edition="public").status_code == 403


@pytest.mark.parametrize("query", [{"format": "odt"}, {"edition": "secret"}, {"style": "gold"}, {"unit": "气象局"}])
def test_what_cannot_be_made_is_refused_in_a_sentence(site: Site, query):
    answer = ask(site, site.account("director-of-files", "director"), **{"format": "docx", **query})
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_nobody_unknown_takes_anything(site: Site):
    with site.stranger() as client:
        assert client.get(PATH).status_code == 401
