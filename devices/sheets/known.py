"""Every kind of sheet that is recognised, by the texts of its header."""

from collections.abc import Sequence

from devices.sheets.dingtalk import DINGTALK
from devices.sheets.forms import Cells, Form, Heading
from devices.sheets.wecom import WECOM
from devices.sheets.zktime import ZKTIME

FORMS = (DINGTALK, WECOM, ZKTIME)


def recognised(rows: Sequence[Cells]) -> tuple[Form, Heading] | None:
    """The kind of a sheet and its header; None for one that nobody here knows."""
    for form in FORMS:
        heading = form.header(rows)
        if heading:
            return form, heading
    return None
