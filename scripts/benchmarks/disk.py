"""The disk under the figures: the real one, or memory with a fixed price on every fsync."""

import atexit
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from time import perf_counter

from benchmarks.figures import percentile

MEMORY = Path("/dev/shm")
PRICE = "MANQIN_FSYNC_MS"


def place() -> Path:
    """Where to measure: in memory when fsync has a price, else on the disk of the temporary folder."""
    if PRICE not in os.environ:
        return Path(gettempdir())
    atexit.register(shutil.rmtree, Path(os.environ["LD_PRELOAD"]).parent)
    return MEMORY


def start_again_with_price(milliseconds: float) -> None:
    """Replace this process by one whose every fsync costs this much; it must have a C compiler and a memory disk."""
    compiler = shutil.which("cc")
    if compiler is None or not MEMORY.is_dir():
        sys.exit("--fsync-ms needs a C compiler and /dev/shm; without it the figures are those of this disk.")
    library = Path(mkdtemp(prefix="manqin-slowsync-")) / "slowsync.so"
    # The measured PostgreSQL may run as another user, who must be able to read it.
    library.parent.chmod(0o755)
    source = Path(__file__).with_name("slowsync.c")
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    os.environ |= {PRICE: str(milliseconds), "LD_PRELOAD": str(library)}
    os.execv(sys.executable, [sys.executable, "-m", "benchmarks", *sys.argv[1:]])


def fsync_milliseconds(folder: Path) -> tuple[float, float]:
    """What one fsync costs where we measure: median and 99th percentile."""
    took = []
    with (folder / "probe").open("wb") as file:
        for _ in range(200):
            file.write(b"0" * 4096)
            file.flush()
            begun = perf_counter()
            os.fsync(file.fileno())
            took.append((perf_counter() - begun) * 1000)
    return percentile(took, 50), percentile(took, 99)
