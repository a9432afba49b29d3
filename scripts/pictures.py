"""Pictures of every page, for every role, at three sizes, from a demo hall in a temporary folder."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from scenes import Scenes, play

from api import office
from api.demo.opening import HERE, catch_up, fill, furnish, listen, stage
from api.demo.people import ready_sign_ins
from api.server import Server
from attendance import corrections, months
from attendance.bulletins import edit

SIZES = {"desktop": (1366, 768), "tablet": (820, 1180), "phone": (390, 844)}
FLAGS = ("--no-sandbox", "--disable-gpu", "--force-color-profile=srgb")
PARAGRAPH = "请各窗口对照考核办法认真整改，持续改进作风。"
NOBODY = "00000000-0000-5000-8000-000000000000"

PAGES = {
    "months": "/months",
    "month": "/months/{month}",
    "calendar": "/months/{month}/calendar",
    "person": "/months/{month}/people/{no}",
    "review": "/months/{month}/review",
    "bulletin": "/months/{month}/bulletin",
    "publish": "/months/{month}/publish",
    "differences": "/months/{month}/differences",
    "me": "/me",
    "terminals": "/terminals",
    "terminal": "/terminals/{terminal}",
    "terminal-pins": "/terminals/{terminal}/pins",
    "terminal-people": "/terminals/{terminal}/people",
    "terminal-orders": "/terminals/orders",
    "person-terminals": "/terminals/people/{no}",
    "connect": "/connect",
    "uploads": "/uploads",
    "watch": "/watch",
    "watch-terminal": "/watch/{terminal}",
    "runs": "/runs",
    "run": "/runs/{run}",
    "questions": "/questions",
    "jobs": "/jobs",
    "account": "/account",
    "second-factor": "/account/second-factor",
    "accounts": "/accounts",
    "account-of": "/accounts/office",
    "audit": "/audit",
    "audit-month": "/audit/{month}",
    "audit-person": "/audit/people/{no}",
    "my-changes": "/me/changes",
    "face-terminal": "/terminal/",
    "face-terminals": "/face-terminals",
    "faces": "/faces",
    "face-of": "/faces/{no}",
    "my-ways": "/me/ways",
    "my-code": "/me/ticket",
    "fact": "/facts/{fact}",
    "rounds": "/rounds?day={month}-13",
    "findings": "/findings?month={month}",
    "finding": "/findings/{finding}",
    "finding-appealed": "/findings/{appealed}",
    "finding-mended": "/findings/{mended}",
    "patrol-questions": "/findings/questions",
    "rota": "/rota?month={month}",
    "tablet": "/patrol",
    "design": "/design",
    "unknown": "/nowhere",
}
"""Every page there is: what its picture is called, and where it is."""


class Shot(NamedTuple):
    """A page: what its picture is called, and where it is."""

    name: str
    path: str


def shots(
    month: str,
    no: str,
    fact: str,
    finding: str = "",
    terminal: str = "A001",
    scenes: Scenes | None = None,
) -> list[Shot]:
    """Every page there is, of one month, one person, one fact, one finding and one terminal."""
    finding = finding or fact
    appealed, mended, run = scenes or (finding, finding, NOBODY)
    places = {"month": month, "no": no, "fact": fact, "finding": finding, "terminal": terminal}
    places |= {"appealed": appealed, "mended": mended, "run": run}
    return [Shot(name, path.format(**places)) for name, path in PAGES.items()]


LIFE = ("month", "person", "review", "bulletin", "publish", "differences")
"""Pages that look otherwise once the month is published and corrected."""


@contextmanager
def demo_hall() -> Iterator[tuple[Server, str, str]]:
    """An open demo hall: the server, its address, and the month it shows."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "hall"
        month = stage(place)
        furnish(place, month)
        server = listen(place, 0, 0)
        with server.running() as address:
            fill(server, month)
            catch_up(server, month)
            yield server, address, month


def show_for_objection(server: Server, month: str, no: str) -> None:
    """In review: one objection is answered, one waits, one person has agreed, the editor has written."""
    hall = server.hall
    hall.decide(lambda draft: edit(draft, month=month, section="closing", text=PARAGRAPH), "user:office")
    office.open_review(hall, server.ledger, month, "user:office")
    office.object_to(hall, month, no, "user:staff", text="当天参加市里培训，有通知。", about=f"{month}-10")
    answered = hall.book().months.open_objections(month)[0].fact.objection
    office.object_to(hall, month, "1005", "user:staff", text="下午的卡打了，终端没有收到。")
    hall.decide(lambda draft: months.confirm(draft, month=month, no="1004"), "user:staff")
    hall.decide(
        lambda draft: months.settle_objection(draft, objection=answered, upheld=True, answer="已核对通知，予以补卡。"),
        "user:office",
    )


def publish_and_change(server: Server, month: str) -> None:
    """Published over open questions; then corrections come, one of them told in a notice."""
    hall, ledger = server.hall, server.ledger
    late = [row for row in ledger.month(month)["lateness"] if row["relief_for"] is None]
    office.publish(hall, ledger, month, "user:office", number="〔2026〕12号", reason="待查记录已由督导室逐条核实。")
    for row in late[:2]:
        day = date.fromisoformat(row["date"])
        mend = {"no": row["no"], "date": day, "session": row["session"], "mark": "on", "reason": "终端停电"}
        hall.decide(lambda draft, mend=mend: corrections.approve(draft, **mend), "user:office")  # type: ignore[misc]
        if row is late[0]:
            office.amend(hall, ledger, month, "user:office", reason="终端停电，补卡获批")


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.click("main form button")


def take(browser: Browser, address: str, who: tuple[str, str], wanted: list[Shot], folder: Path, mark: str) -> int:
    """The pictures of one account at every size; pages it may not see are left out but for one."""
    taken = 0
    for size, (width, height) in SIZES.items():
        viewport: ViewportSize = {"width": width, "height": height}
        context = browser.new_context(base_url=address, viewport=viewport, locale="zh-CN", ignore_https_errors=True)
        page = context.new_page()
        sign_in(page, *who)
        for shot in wanted:
            answer = page.goto(shot.path)
            if answer is not None and answer.status == 403:
                continue
            page.screenshot(path=folder / f"{mark}{shot.name}-{who[0]}-{size}.png", full_page=True)
            taken += 1
        context.close()
    return taken


def picture(folder: Path) -> int:
    """Save everything into a folder; returns how many pictures."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    folder.mkdir(parents=True, exist_ok=True)
    with demo_hall() as (server, address, month), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        people, no = ready_sign_ins(server), "1003"
        stranger = browser.new_page(base_url=address, ignore_https_errors=True)
        stranger.goto("/sign-in")
        stranger.screenshot(path=folder / "sign-in.png")
        scenes = play(server, month)
        show_for_objection(server, month, no)
        shown = server.ledger.month(month)
        late, found = (shown[part][0]["evidence"][0] for part in ("lateness", "findings"))
        every = shots(month, no, late, found, "MQE0001", scenes)
        taken = sum(take(browser, address, who, every, folder, "") for who in people.items())
        publish_and_change(server, month)
        later = [shot for shot in every if shot.name in LIFE]
        taken += take(browser, address, ("office", people["office"]), later, folder, "later-")
        browser.close()
    return taken + 1


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "screens")
    print(f"{picture(target)} pictures in {target} (from {HERE})")
