"""What a face terminal may ask of the hall, over real HTTPS: who it is, how people clock in, what it kept."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from halls import do
from kiosks import WAY_OUT, Kiosk, milliseconds, pair, paired_kiosk, type_code
from sites import Site, form_token, site_opened

from api.auth import Limit
from api.doors.contacts import contacts_of
from api.kiosk.desk import CODES_IN_FIVE_MINUTES, GUESSES_IN_FIVE_MINUTES, WRONG_IN_FIVE_MINUTES, Desk
from api.kiosk.entries import MOST_ENTRIES
from api.kiosk.envelopes import Letter
from api.kiosk.punching import Judgement, is_enough
from api.kiosk.reader import ZXING
from attendance import register
from attendance.terminals import TerminalOperated

PASSCODE, WRONG = "820465", "975310"
FORGED = "MQ1:102:1:A"
SESSION = "this session"
MINUTE = 60_000


@pytest.fixture(scope="module")
def hall_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_opened(tmp_path_factory.mktemp("kiosks"), face_engine="none") as site:
        for no in ("0101", "102", "9001"):
            site.server.app.state.desk.passcodes.choose(no, PASSCODE)
        yield site


@pytest.fixture
def kiosk(hall_site: Site) -> Iterator[Kiosk]:
    """A terminal of its own for each test."""
    with paired_kiosk(hall_site) as kiosk:
        yield kiosk


@pytest.fixture(scope="module")
def any_kiosk(hall_site: Site) -> Iterator[Kiosk]:
    """A terminal for all tests that leave nothing behind there."""
    with paired_kiosk(hall_site) as kiosk:
        yield kiosk


@pytest.fixture
def device(hall_site: Site) -> Iterator[httpx.Client]:
    with hall_site.stranger() as client:
        client.headers["X-Manqin-Terminal"] = "1"
        yield client


@pytest.fixture
def desk(hall_site: Site) -> Iterator[Desk]:
    """The hall's desk; who has asked and guessed too often is forgotten after the test."""
    desk: Desk = hall_site.server.app.state.desk
    before = desk.asking, desk.guesses
    desk.asking, desk.guesses = (
        Limit(CODES_IN_FIVE_MINUTES, 300, monotonic),
        Limit(GUESSES_IN_FIVE_MINUTES, 300, monotonic),
    )
    yield desk
    desk.asking, desk.guesses = before


def ago(minutes: float) -> float:
    return milliseconds() - minutes * MINUTE


def letter(no: str = "0101", proof: str = PASSCODE, *, wall: float, mono: float = 0.0, way: Any = "passcode") -> Letter:
    return Letter(way=way, no=no, proof=proof, wall=wall, mono=mono)


def now_at(mono: float, *, fast: float = 0.0, session: str = SESSION) -> dict[str, Any]:
    """Both clocks of a device now, its wall clock fast by so many milliseconds."""
    return {"wall": milliseconds() + fast, "mono": mono, "session": session}


def anchor(minutes: float, mono: float, *, fast: float = 0.0, session: str = SESSION) -> dict[str, Any]:
    """The device was in touch so many minutes ago."""
    return {"server": ago(minutes), "clocks": {"wall": ago(minutes) + fast, "mono": mono, "session": session}}


def here() -> datetime:
    """The hall's wall clock."""
    return datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=8)


def off_by(kiosk: Kiosk, minutes: float) -> float:
    """Seconds between the only punch and so many minutes ago."""
    [punch] = kiosk.punches()
    return abs((here() - timedelta(minutes=minutes) - punch.at).total_seconds())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("passcode", {"no": "102", "passcode": PASSCODE}),
        ("ticket", {"ticket": FORGED}),
        ("supervisor", {"no": "102", "name": "office", "password": "x"}),
        ("entries", {"clocks": {"wall": 0, "mono": 0, "session": ""}, "entries": []}),
        ("way-out", {"code": WAY_OUT}),
        ("frames", {}),
    ],
)
def test_nobody_but_a_paired_device_may_ask(device: httpx.Client, path: str, body: dict[str, Any]):
    assert device.post(f"/terminal/{path}", json=body).status_code == 401


@pytest.mark.parametrize("path", ["way-out", "unpair"])
def test_only_its_own_code_opens_a_terminal_and_the_words_say_which_is_meant(kiosk: Kiosk, path: str):
    answer = kiosk.client.post(f"/terminal/{path}", json={"code": "135790"}).json()
    assert (answer["state"], "退出密码" in answer["words"]) == ("wrong", True)


def test_a_form_of_another_site_cannot_speak_for_the_device(kiosk: Kiosk):
    del kiosk.client.headers["X-Manqin-Terminal"]
    answer = kiosk.client.post("/terminal/passcode", json={"no": "102", "passcode": PASSCODE})
    assert answer.status_code == 403
    assert kiosk.punches() == []


def test_a_code_opens_once_and_to_the_device_that_showed_it(hall_site: Site, device: httpx.Client):
    asked = device.post("/terminal/pairing", json={}).json()
    assert type_code(hall_site, "000000" if asked["code"] != "000000" else "111111").status_code == 422
    assert device.post("/terminal/pairing/claim", json={"claim": asked["claim"]}).json() == {"state": "waiting"}
    assert type_code(hall_site, asked["code"]).status_code == 303
    assert type_code(hall_site, asked["code"]).status_code == 422
    thief = device.post("/terminal/pairing/claim", json={"claim": asked["code"]})
    assert (thief.status_code, thief.cookies) == (410, httpx.Cookies())
    device.post("/terminal/pairing/claim", json={"claim": asked["claim"]})
    assert device.get("/terminal/state").json()["paired"]
    assert device.post("/terminal/pairing/claim", json={"claim": asked["claim"]}).status_code == 410


def test_the_credential_lies_nowhere_in_clear(any_kiosk: Kiosk, hall_site: Site):
    credential = any_kiosk.client.cookies["manqin_terminal"].encode()
    folder = hall_site.hall.folder
    files = [file for place in (folder.data, folder.keys) for file in place.rglob("*") if file.is_file()]
    assert len(files) > 5
    assert [file for file in files if credential in file.read_bytes() or credential.decode() in file.name] == []


def test_another_device_in_a_terminals_place_puts_the_old_one_out(kiosk: Kiosk, device: httpx.Client):
    sn = kiosk.sn
    pair(kiosk.site, device, sn=sn)
    assert device.get("/terminal/state").json()["sn"] == sn
    assert kiosk.state()["paired"] is False


def test_unpaired_in_the_office_it_is_refused_at_once(kiosk: Kiosk):
    with kiosk.site.browser("admin") as office:
        form = {"csrf": form_token(office, "/face-terminals")}
        assert office.post(f"/face-terminals/{kiosk.sn}/unpair", data=form).status_code == 303
    answer = kiosk.client.post("/terminal/passcode", json={"no": "102", "passcode": PASSCODE})
    assert answer.status_code == 401


def test_suspended_in_the_office_it_takes_nothing_and_goes_on_when_resumed(kiosk: Kiosk, hall_site: Site):
    sn = kiosk.sn
    do(hall_site.hall, register.suspend, sn=sn, reason="搬迁")
    answer = kiosk.client.post("/terminal/passcode", json={"no": "102", "passcode": PASSCODE})
    assert (answer.status_code, kiosk.client.get("/terminal/state").status_code) == (503, 503)
    do(hall_site.hall, register.resume, sn=sn)
    assert kiosk.state()["paired"]


@pytest.mark.parametrize("no", ["102", "0101", "101", "9001"])
def test_a_number_and_its_passcode_are_a_punch_or_were_one_just_now(any_kiosk: Kiosk, no: str):
    answer = any_kiosk.tell("passcode", no=no, passcode=PASSCODE)
    assert answer["state"] in ("clocked", "already"), answer


def test_five_wrong_passcodes_lock_one_person_out_of_one_terminal(kiosk: Kiosk, hall_site: Site):
    answers = [kiosk.tell("passcode", no="102", passcode=WRONG)["code"] for _ in range(5)]
    assert answers == ["passcode_wrong"] * 4 + ["passcode_locked"]
    assert kiosk.tell("passcode", no="102", passcode=PASSCODE)["code"] == "passcode_locked"
    assert kiosk.tell("passcode", no="9001", passcode=PASSCODE)["state"] in ("clocked", "already")
    with paired_kiosk(hall_site) as other:
        assert other.tell("passcode", no="102", passcode=PASSCODE)["state"] in ("clocked", "already")


def test_wrong_numbers_are_answered_like_wrong_passcodes_and_after_twenty_the_terminal_waits(kiosk: Kiosk):
    for _ in range(WRONG_IN_FIVE_MINUTES - 2):
        assert kiosk.tell("ticket", ticket=FORGED)["code"] == "ticket_unknown"
    for no in ("7701", "102"):
        answer = kiosk.client.post("/terminal/passcode", json={"no": no, "passcode": WRONG})
        assert answer.json()["code"] == "passcode_wrong"
    told = kiosk.client.post("/terminal/passcode", json={"no": "102", "passcode": PASSCODE})
    assert (told.status_code, int(told.headers["Retry-After"]) > 200) == (429, True)
    with paired_kiosk(kiosk.site) as other:
        assert other.tell("passcode", no="9001", passcode=PASSCODE)["state"] in ("clocked", "already")


def test_a_device_that_asks_for_one_code_after_the_other_waits(device: httpx.Client, desk: Desk):
    answers = [device.post("/terminal/pairing", json={}).status_code for _ in range(CODES_IN_FIVE_MINUTES + 1)]
    assert (answers.count(200), answers[-1]) == (CODES_IN_FIVE_MINUTES, 429)


def test_codes_cannot_be_guessed_in_the_office(hall_site: Site, desk: Desk):
    with hall_site.browser("admin") as office:
        form = {"csrf": form_token(office, "/face-terminals"), "code": "00000", "way_out": WAY_OUT}
        guesses = range(GUESSES_IN_FIVE_MINUTES + 1)
        answers = [office.post("/face-terminals/pair", data=form).status_code for _ in guesses]
    assert answers == [422] * GUESSES_IN_FIVE_MINUTES + [429]


def test_supervisors_passwords_cannot_be_guessed_at_a_terminal(any_kiosk: Kiosk, hall_site: Site):
    body = {"no": "0101", "name": hall_site.account("guessed", "supervisor"), "password": "wrong"}
    assert [any_kiosk.tell("supervisor", **body)["code"] for _ in range(6)][-1] == "account_locked"


def test_a_ticket_of_the_phone_is_good_and_a_forged_or_old_one_is_not(any_kiosk: Kiosk, hall_site: Site):
    tickets, now = hall_site.server.app.state.desk.tickets, milliseconds() / 1000
    good = tickets.ticket("9001", now)
    assert any_kiosk.tell("ticket", ticket=good.text)["state"] in ("clocked", "already")
    assert any_kiosk.tell("figures", no="9001", figures=good.figures)["state"] in ("clocked", "already")
    assert any_kiosk.tell("figures", no="102", figures=good.figures)["code"] == "ticket_wrong"
    assert any_kiosk.tell("ticket", ticket=good.text.replace("9001", "102"))["code"] == "ticket_unknown"
    assert any_kiosk.tell("ticket", ticket=tickets.ticket("9001", now - 180).text)["code"] == "ticket_over"
    assert any_kiosk.tell("ticket", ticket="https://example.com")["code"] == "ticket_unknown"


def test_what_reads_a_phones_code_comes_as_it_was_measured_and_stays_on_the_device(device: httpx.Client):
    sent = device.get("/terminal/reader.js")
    assert sent.headers["content-type"].startswith("text/javascript")
    assert sha256(sent.content).hexdigest() == ZXING.sha256
    kept = b64encode(sha256(sent.content).digest()).decode()
    assert f'["/terminal/reader.js", "sha256-{kept}"]' in device.get("/terminal/worker.js").text


def test_only_who_may_vouch_vouches(any_kiosk: Kiosk, hall_site: Site):
    hall_site.account("clerk", "staff", no="102")
    body = {"no": "0101", "name": "clerk", "password": hall_site.passwords["clerk"]}
    assert any_kiosk.tell("supervisor", **body)["code"] == "may_not_sign_for"
    assert any_kiosk.tell("supervisor", **body | {"name": "office"})["code"] == "sign_in_wrong"


def test_without_an_engine_the_page_hears_it_in_words_and_the_other_ways_go_on(any_kiosk: Kiosk):
    assert any_kiosk.show([b"\xff\xd8 no picture"])["state"] == "unavailable"


@pytest.mark.parametrize("body", [b"", b"\0" * 11, b"\0" * 8 + b"\xff\xff\xff\xff", b"x" * 100])
def test_frames_that_are_none_are_refused(any_kiosk: Kiosk, body: bytes):
    assert any_kiosk.client.post("/terminal/frames", content=body).status_code == 422


def test_a_body_without_end_is_cut_off(any_kiosk: Kiosk):
    assert any_kiosk.client.post("/terminal/frames", content=b"x" * 6_000_000).status_code == 413


def test_a_terminal_that_asks_without_pause_is_slowed(kiosk: Kiosk):
    frame = b"\0" * 8 + b"\0\0\0\1x"
    assert 429 in {kiosk.client.post("/terminal/frames", content=frame).status_code for _ in range(40)}


def test_only_the_way_out_code_leads_out_and_it_locks_too(kiosk: Kiosk):
    assert kiosk.tell("way-out", code=WAY_OUT)["state"] == "open"
    assert [kiosk.tell("way-out", code="000000")["state"] for _ in range(5)] == ["wrong"] * 5
    assert kiosk.tell("way-out", code=WAY_OUT)["state"] == "wrong"


def test_the_wall_clock_that_a_device_shows_is_told_to_whoever_watches_clocks(kiosk: Kiosk):
    kiosk.client.get("/terminal/state", params={"wall": ago(10)})
    contact = contacts_of(kiosk.site.hall).of(kiosk.sn)
    assert contact is not None
    behind = contact.clock_behind(datetime.now(UTC))
    assert behind is not None
    assert timedelta(minutes=10) <= behind < timedelta(minutes=11)


def test_nothing_can_be_guessed_by_the_batch(kiosk: Kiosk):
    forged = letter("", FORGED, wall=ago(30), mono=1_800_000, way="ticket")
    entries = [kiosk.entry(forged, SESSION, anchor(60, 0)) for _ in range(WRONG_IN_FIVE_MINUTES)]
    assert len(kiosk.send(now_at(3_600_000), *entries)) == WRONG_IN_FIVE_MINUTES
    right = kiosk.entry(letter(wall=ago(20), mono=2_400_000), SESSION, anchor(60, 0))
    assert kiosk.send(now_at(3_600_000), right) == []
    assert (len(kiosk.set_aside()), kiosk.punches()) == (WRONG_IN_FIVE_MINUTES, [])


def test_a_batch_is_answered_as_far_as_twenty_and_the_rest_stays_on_the_device(kiosk: Kiosk, hall_site: Site):
    ticket = hall_site.server.app.state.desk.tickets.ticket("9001", ago(70) / 1000)
    entry = kiosk.entry(letter("", ticket.text, wall=ago(70), mono=1_800_000, way="ticket"), SESSION, anchor(100, 0))
    batch = [entry | {"id": str(number)} for number in range(MOST_ENTRIES + 5)]
    assert len(kiosk.send(now_at(6_000_000), *batch)) == MOST_ENTRIES
    assert len(kiosk.punches()) == 1


def test_a_batch_without_end_is_cut_off(any_kiosk: Kiosk):
    body = {"clocks": now_at(0), "entries": [{"id": "x" * 1_000_000}]}
    assert any_kiosk.client.post("/terminal/entries", json=body).status_code == 413


def test_who_was_here_last_is_known_again_after_a_start_and_nobody_of_yesterday_is(kiosk: Kiosk, desk: Desk):
    moments = {"102": 190, "9001": 180, "0101": 26 * 60}
    for no, minutes in moments.items():
        entry = kiosk.entry(letter(no, wall=ago(minutes), mono=(1600 - minutes) * MINUTE), SESSION, anchor(1600, 0))
        assert kiosk.send(now_at(1600 * MINUTE), entry)[0]["state"] == "clocked"
    here = datetime.now(UTC) + timedelta(hours=8)
    today = [
        name
        for name, no in (("李", "9001"), ("孙", "102"))
        if (here - timedelta(minutes=moments[no])).date() == here.date()
    ]
    assert [line["name"] for line in kiosk.state()["recent"]] == today
    desk.last.clear()
    assert [line["name"] for line in kiosk.state()["recent"]] == today


def test_an_entry_kept_without_the_network_is_a_punch_of_its_own_moment_once(kiosk: Kiosk):
    entry = kiosk.entry(letter(wall=ago(50), mono=600_000), SESSION, anchor(60, 0))
    for on_the_way in (0, 3_000):
        [told] = kiosk.send(now_at(3_600_000 - on_the_way), entry)
        assert told["state"] == "clocked"
    assert off_by(kiosk, 50) < 30
    assert kiosk.set_aside() == []


def test_an_entry_that_arrives_after_a_later_punch_counts_all_the_same(kiosk: Kiosk):
    kiosk.tell("passcode", no="102", passcode=PASSCODE)
    kiosk.send(now_at(3_600_000), kiosk.entry(letter(wall=ago(0.5), mono=3_570_000), SESSION, anchor(60, 0)))
    later, earlier = [punch.at for punch in kiosk.punches()]
    assert timedelta(seconds=20) < later - earlier < timedelta(seconds=60)


def test_whoever_went_and_came_again_is_another_punch_and_whoever_lingers_is_not(kiosk: Kiosk, desk: Desk):
    def clocks_in() -> str:
        return kiosk.tell("passcode", no="102", passcode=PASSCODE)["state"]

    assert [clocks_in(), clocks_in()] == ["clocked", "already"]
    desk.met.clear()
    [punch] = kiosk.punches()
    while here() <= punch.at + timedelta(seconds=1):
        sleep(0.05)
    assert clocks_in() == "clocked"
    assert len(kiosk.punches()) == 2


@pytest.mark.parametrize(
    ("judgement", "gone", "there"),
    [("kept", True, True), ("late", True, True), ("early", False, False), ("unused", False, True)],
)
def test_a_punch_is_left_out_only_where_it_could_change_nothing(judgement: Judgement, gone: bool, there: bool):
    assert (is_enough(judgement, lingers=False), is_enough(judgement, lingers=True)) == (gone, there)


def test_a_clock_changed_meanwhile_is_seen_through_and_noted(kiosk: Kiosk, hall_site: Site):
    fast = 3 * 60 * MINUTE
    entry = kiosk.entry(letter(wall=ago(110) + fast, mono=600_000), SESSION, anchor(120, 0))
    [told] = kiosk.send(now_at(7_200_000, fast=fast), entry)
    assert told["state"] == "clocked"
    assert off_by(kiosk, 110) < 30
    facts = [row.entry().fact for row in hall_site.hall.store.read(0, 100_000)]
    assert any(isinstance(fact, TerminalOperated) and fact.terminal == kiosk.sn for fact in facts)


def test_a_time_that_nothing_proves_is_set_aside_for_the_office(kiosk: Kiosk):
    entry = kiosk.entry(letter(wall=ago(500)), "an earlier session", anchor(600, 0, session="one before"))
    [told] = kiosk.send(now_at(1000, fast=90 * MINUTE), entry)
    assert told["state"] == "set_aside"
    [aside] = kiosk.set_aside()
    assert (aside.reason, aside.raw.split("\t")[0]) == ("clock_changed", "0101")
    assert PASSCODE not in str(aside)


@pytest.mark.parametrize(
    ("no", "proof", "reason", "named"),
    [("0101", WRONG, "passcode_wrong", "0101"), (PASSCODE, "0101", "passcode_wrong", "?")],
)
def test_a_wrong_entry_is_listed_and_repeats_nothing_that_was_typed(
    kiosk: Kiosk, no: str, proof: str, reason: str, named: str
):
    entry = kiosk.entry(letter(no, proof, wall=ago(30), mono=1_800_000), SESSION, anchor(60, 0))
    [told] = kiosk.send(now_at(3_600_000), entry)
    assert told["state"] == "set_aside"
    [aside] = kiosk.set_aside()
    assert (aside.reason, aside.raw.split("\t")[0]) == (reason, named)
    assert proof not in str(aside.raw.split("\t")[0:1]) or named == proof


def test_a_ticket_kept_is_judged_at_the_moment_it_was_shown(kiosk: Kiosk, hall_site: Site):
    ticket = hall_site.server.app.state.desk.tickets.ticket("9001", ago(30) / 1000)
    shown = kiosk.entry(letter("", ticket.text, wall=ago(30), mono=1_800_000, way="ticket"), SESSION, anchor(60, 0))
    late = kiosk.entry(letter("", ticket.text, wall=ago(20), mono=2_400_000, way="ticket"), SESSION, anchor(60, 0))
    told = {one["id"]: one["state"] for one in kiosk.send(now_at(3_600_000), shown, late)}
    assert (told[shown["id"]], told[late["id"]]) == ("clocked", "set_aside")


def test_an_envelope_that_was_tampered_with_is_set_aside(kiosk: Kiosk):
    entry = kiosk.entry(letter(wall=ago(30), mono=1_800_000), SESSION, anchor(60, 0))
    [told] = kiosk.send(now_at(3_600_000), entry | {"sealed": "AAAA" + entry["sealed"][4:]})
    assert told["state"] == "set_aside"
    assert kiosk.set_aside()[0].reason == "envelope_unreadable"
