"""In a process of its own, so that its memory is its own: derive a hall again from its log, and judge one month."""

import json
import os
import resource
import sys
from pathlib import Path
from time import perf_counter

from attendance.hall import Hall
from projections.ledger import Ledger

KIB = 1024


def peak_bytes() -> int:
    """The most memory this process ever held, with a helper as large as the largest for every core."""
    own, helpers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return (own.ru_maxrss + helpers.ru_maxrss * (os.cpu_count() or 1)) * KIB


def main(data: Path, month: str) -> None:
    hall = Hall.open(data)
    ledger = Ledger(hall)
    begun = perf_counter()
    ledger.rebuild()
    derived = perf_counter()
    judged = ledger.month(month)
    done = perf_counter()
    hall.close()
    json.dump(
        {
            "rebuild": derived - begun,
            "month": done - derived,
            "ranked": len(judged["ranking"]),
            "peak": peak_bytes(),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
