"""A fact's fields as people call them: labels, dates, and the hall's own words for codes."""

from datetime import UTC, datetime

import msgspec

from api.pages.dates import when_text
from api.settings import Language
from api.text import catalogue, say
from attendance.hall import Hall
from attendance.policy import Policy

SAID_ELSEWHERE = {"roles": "page.role", "session": "page.session", "family": "page.terminal.family"}
"""Fields whose values have their words under another heading of the catalogue."""


def present_fields(hall: Hall, language: Language) -> "Fields":
    """By the policy in force today."""
    return Fields(language, hall.book().policies.in_force(f"{datetime.now(UTC):%Y-%m}"))


class Fields:
    """The fields of facts in one language, codes by the names of one policy."""

    def __init__(self, language: Language, policy: Policy) -> None:
        self._language, self._known = language, catalogue(language)
        codes = {code: finding.name for code, finding in policy.finding_codes().items()}
        codes |= {code: bonus.name for code, bonus in policy.bonus_items().items()}
        leave = {type_id: one.name for type_id, one in policy.leave_types().items()}
        self._named = {"code": codes, "type": leave}

    def label(self, name: str) -> str:
        """The field's label; its own name where the catalogue has none."""
        key = f"page.field.{name}"
        return say(key, self._language) if key in self._known else name

    def value(self, name: str, value: object) -> str:
        """A value as people call it; a month's whole edition, or its changes, by size alone."""
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value)):
            return say("page.fact.whole", self._language, n=len(msgspec.json.encode(value)))
        if isinstance(value, list | tuple):
            return say("value.and", self._language).join(self.value(name, one) for one in value)
        if isinstance(value, bool):
            return say(f"page.value.{'yes' if value else 'no'}", self._language)
        return self._named.get(name, {}).get(str(value)) or self._word(name, value)

    def line(self, name: str, value: object) -> str:
        """Label and value."""
        return say("page.fact.field", self._language, name=self.label(name), value=self.value(name, value))

    def _word(self, name: str, value: object) -> str:
        key = f"{SAID_ELSEWHERE.get(name, f'page.value.{name}')}.{value}"
        return say(key, self._language) if key in self._known else when_text(value, self._language)
