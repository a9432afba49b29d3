"""What left the system is in the log."""

from halls import do

from attendance import audit
from attendance.hall import Hall


def test_the_same_export_twice_is_two_events_with_their_reasons_sealed(hall: Hall):
    for _ in range(2):
        do(hall, audit.export, what="bulletin", month="2026-03", edition="internal", format="pdf", reason="给李若茗看")
    exports = [entry.fact for entry in hall.book().exports.find("month", "2026-03")]
    assert [(fact.what, fact.edition, fact.format) for fact in exports] == [("bulletin", "internal", "pdf")] * 2
    assert [hall.opened(fact.reason) for fact in exports] == ["给李若茗看"] * 2
    assert not any("李若茗".encode() in row.state for row in hall.store.read(0, 10_000))


def test_an_export_without_a_reason_is_noted_all_the_same(hall: Hall):
    assert do(hall, audit.export, what="workbook", month="2026-03") == "new"
    assert [entry.fact.reason for entry in hall.book().exports] == [None]
