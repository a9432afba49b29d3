"""What jobs do and did, in words, for the page and for the command line."""

from api.jobs.job import Every, Nightly
from api.jobs.records import Record
from api.text import say


def when_text(when: Every | Nightly, language: str) -> str:
    """How often a job is due."""
    if isinstance(when, Nightly):
        return say("job.nightly", language, at=f"{when.hour:02d}:{when.minute:02d}")
    return say("job.every", language, minutes=when.minutes)


def result_text(name: str, record: Record | None, language: str, *, running: bool) -> str:
    """What came of the last run, as a sentence."""
    if running:
        return say("job.running", language)
    if record is None:
        return say("job.never", language)
    if record.outcome == "done":
        return say(f"job.{name}.done", language, **record.said)
    if record.outcome == "refused":
        return say(f"refused.{record.said['code']}", language, **record.said["details"])
    if record.outcome == "failed":
        return say("job.failed", language, **record.said)
    return say("job.broken_off", language)
