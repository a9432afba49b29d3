"""A real browser without the network, where there is one."""

import shutil
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from sites import HOST, Site, authority, site_opened

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
]
DESKTOP = {"width": 1366, "height": 768}


@pytest.fixture(scope="module")
def launch() -> Iterator[Callable[..., Browser]]:
    """Starts a browser, with flags of its own where a test needs them; whoever starts one closes it.

    For one file of tests: as long as it stands, its event loop keeps any other from running in this process.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:

        def started(*more: str) -> Browser:
            try:
                return playwright.chromium.launch(executable_path=path, args=[*FLAGS, trusted(), *more])
            except Error as error:
                pytest.skip(f"Chromium does not start here: {error.message.splitlines()[0]}")

        yield started


@pytest.fixture(scope="module")
def chromium(launch: Callable[..., Browser]) -> Iterator[Browser]:
    browser = launch()
    yield browser
    browser.close()


def trusted() -> str:
    """The tests' own authority alone: every other wrong certificate is refused as ever."""
    key = authority().certificate.public_key()
    digest = sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    return f"--ignore-certificate-errors-spki-list={b64encode(digest).decode()}"


@pytest.fixture(scope="session")
def patrolled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An open hall in which two inspectors are at work, for the tests of their tablets."""
    with site_opened(tmp_path_factory.mktemp("patrolled")) as site:
        for name in ("zhou", "second"):
            site.account(name, "inspector")
        yield site


@pytest.fixture
def context(chromium: Browser, site: Site) -> Iterator[BrowserContext]:
    """A browser of its own for each test, on the shared hall."""
    made = chromium.new_context(viewport=DESKTOP, base_url=site.named_address, locale="zh-CN")
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: errors of scripts and refusals of the content policy."""
    return []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Page:
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    return opened


@pytest.fixture
def signed_in(page: Page, site: Site) -> Page:
    sign_in(page, site.password)
    return page


def sign_in(page: Page, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("登录名").fill("admin")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
