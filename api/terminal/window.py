"""The window of a terminal: the whole screen, keys and touches. For the thread that started the program."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

import cv2

from api.terminal.layout import keys
from api.terminal.picture import Painter
from api.terminal.stage import Stage
from api.terminal.view import View
from devices.face.terminal.camera import Source

NAME = "Manqin"
PICTURES_A_SECOND = 15
SMALLEST = 320
USUAL = (1280, 720)
ENTER, ERASE, ESCAPE = (10, 13), (8, 127), 27
NOTHING = -1


def can_open() -> bool:
    """Whether this machine shows windows to this program. Tried in another process: without a screen, the library of
    windows ends the one that asks."""
    named = sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not named:
        return False
    asked = [sys.executable, "-c", f"import cv2; cv2.namedWindow({NAME!r}); cv2.waitKey(1)"]
    return subprocess.run(asked, capture_output=True, check=False, env=os.environ | QUIET).returncode == 0  # noqa: S603


QUIET = {"QT_LOGGING_RULES": "*=false"}
"""It looks for fonts of its own, which nothing here is written in, and says so at length."""


class Window:
    """Shows views, and takes the code that ends the program; `try_code` asks the hall about it."""

    def __init__(self, stage: Stage, source: Source, try_code: Callable[[str], None]) -> None:
        self._stage, self._source, self._try_code = stage, source, try_code
        self._painter = Painter(*USUAL)
        self._shown: View | None = None
        self._astray = False
        """Whether a wheel has moved the picture away, which the library of windows allows everybody."""
        self._next = 0.0
        os.environ.update(QUIET)
        self._open()

    def _open(self) -> None:
        cv2.namedWindow(NAME, cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
        # Where no window manager makes it as large as the screen, it is large at least.
        cv2.resizeWindow(NAME, *USUAL)
        cv2.setWindowProperty(NAME, cv2.WND_PROP_FULLSCREEN, cv2.WINDOW_FULLSCREEN)
        cv2.setMouseCallback(NAME, self._on_mouse)
        self._shown, self._astray = None, False

    def show(self, view: View) -> None:
        """Draw what has changed, then wait for keys until the next picture is due."""
        try:
            if self._astray or cv2.getWindowProperty(NAME, cv2.WND_PROP_VISIBLE) < 1:
                cv2.destroyAllWindows()
                self._open()
            self._draw(view)
            self._wait()
        except cv2.error:
            # Closed by a key of the system: the terminal is not.
            self._open()

    def _draw(self, view: View) -> None:
        self._fit()
        covered = view.pairing or view.keypad or view.result
        if not covered or view != self._shown:
            last = self._source.last
            cv2.imshow(NAME, self._painter.paint(view, last.picture if last else None))
            self._shown = view

    def _fit(self) -> None:
        """Draw in the size of the screen, which may be turned."""
        _, _, width, height = cv2.getWindowImageRect(NAME)
        whole = self._painter.places.whole
        if min(width, height) >= SMALLEST and (width, height) != (whole.width, whole.height):
            self._painter, self._shown = Painter(width, height), None

    def _wait(self) -> None:
        now = time.monotonic()
        self._next = max(self._next + 1 / PICTURES_A_SECOND, now)
        while True:
            pressed = cv2.waitKeyEx(max(1, round((self._next - time.monotonic()) * 1000)))
            if pressed == NOTHING:
                return
            self._on_key(pressed)

    def _on_key(self, pressed: int) -> None:
        if ord("0") <= pressed <= ord("9"):
            self._press(chr(pressed))
        elif pressed == ESCAPE and self._stage.is_nobodys:
            self._stage.is_over = True
        elif self._stage.keypad.is_open(self._stage.now) and pressed in (*ENTER, *ERASE, ESCAPE):
            self._press("enter" if pressed in ENTER else "back")

    def _on_mouse(self, event: int, x: int, y: int, _flags: int, _more: object) -> None:
        self._astray = self._astray or event in (cv2.EVENT_MOUSEWHEEL, cv2.EVENT_MOUSEHWHEEL)
        if event != cv2.EVENT_LBUTTONDOWN:
            return
        places = self._painter.places
        if places.clock.holds(x, y):
            self._stage.keypad.open(self._stage.now)
        elif self._stage.keypad.is_open(self._stage.now):
            for key, box in keys(places.stage).items():
                if box.holds(x, y):
                    self._press(key)

    def _press(self, key: str) -> None:
        if self._stage.is_nobodys:
            return
        if code := self._stage.keypad.press(key, self._stage.now):
            self._try_code(code)

    def close(self) -> None:
        cv2.destroyAllWindows()
