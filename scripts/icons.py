"""Draw the pictures that tablets show for an installed page, from the hall's own seal: `python scripts/icons.py`."""

import shutil
from base64 import b64encode
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).resolve().parents[1] / "api" / "pages" / "static"
SEAL = "#a4161a"
PAGE = """<body style="margin:0;background:{ground}"><img src="data:image/svg+xml;base64,{svg}"
style="display:block;width:{drawn}px;margin:{margin}px"></body>"""


def pictures() -> dict[str, tuple[int, float, str]]:
    """Size in pixels, the part of it the seal fills, and the ground. A system may cut a fifth off a maskable one."""
    return {
        "seal-192.png": (192, 1.0, "transparent"),
        "seal-512.png": (512, 1.0, "transparent"),
        "seal-maskable-512.png": (512, 0.8, SEAL),
    }


def draw() -> None:
    svg = b64encode((STATIC / "seal.svg").read_bytes()).decode()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (size, part, ground) in pictures().items():
            page = browser.new_page(viewport={"width": size, "height": size})
            drawn = size * part
            page.set_content(PAGE.format(ground=ground, svg=svg, drawn=drawn, margin=(size - drawn) / 2))
            page.screenshot(path=STATIC / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    draw()
