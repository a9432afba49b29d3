"""What is done about a finding: answering, judging, ordering, mending, settling. Each is an event with who and why."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from api.auth import CheckedForm, may
from api.pages.findings import finding_page
from api.pages.life import Text
from api.pages.open_finding import OpenFinding, TheFinding
from api.problems import Problem
from api.roles import Action
from attendance import appeals, doubts, patrol, rectification
from attendance.appeals import Judge, Party
from attendance.doubts import Doubt, Verdict
from attendance.facts import Refused
from attendance.hall import Draft

router = APIRouter(include_in_schema=False, prefix="/findings/{fact_id}", dependencies=[CheckedForm])

Deed = Callable[[Draft], object]


def _done(opened: OpenFinding, deed: Deed, written: str = "") -> Response:
    """Do it and come back to the finding, or say on its page why not."""
    try:
        opened.hall.decide(deed, opened.account.actor)
    except Refused as refused:
        return finding_page(opened, refused, written)
    return RedirectResponse(f"/findings/{opened.entry.id}#life", 303)


def _party(opened: OpenFinding) -> Party:
    """Raises Problem for somebody whom the finding does not concern, whatever else they may do."""
    party = opened.party()
    if party is None:
        raise Problem(403, "not_yours")
    return party


@router.post("/acceptance", dependencies=[may(Action.ANSWER_FINDING)])
def accept(opened: TheFinding) -> Response:
    """I agree with it."""
    party = _party(opened)
    return _done(opened, lambda draft: appeals.accept(draft, finding=opened.finding, party=party))


@router.post("/appeal", dependencies=[may(Action.ANSWER_FINDING)])
def appeal(opened: TheFinding, text: Text = "") -> Response:
    """I object to it."""
    party, today = _party(opened), opened.view.today
    return _done(
        opened,
        lambda draft: appeals.lodge(draft, finding=opened.finding, party=party, text=text, today=today),
        text,
    )


@router.post("/judgement", dependencies=[may(Action.JUDGE_APPEAL)])
def judge(
    opened: TheFinding,
    verdict: Annotated[str, Form(pattern="^(upheld|rejected)$")],
    answer: Text = "",
) -> Response:
    """Decide on the appeal, as somebody who neither saw it nor is concerned."""
    who, upheld = Judge(opened.account.name, opened.account.no), verdict == "upheld"
    return _done(
        opened,
        lambda draft: appeals.judge(draft, finding=opened.finding, upheld=upheld, answer=answer, judge=who),
        answer,
    )


@router.post("/telling", dependencies=[may(Action.SETTLE_FINDING)])
def tell(opened: TheFinding) -> Response:
    """They were told face to face, because they do not look themselves."""
    return _done(
        opened,
        lambda draft: appeals.tell(draft, finding=opened.finding, today=opened.view.today, party=Party(), way="office"),
    )


@router.post("/withdrawal", dependencies=[may(Action.PATROL)])
def withdraw(opened: TheFinding, reason: Text = "") -> Response:
    """Take one's own finding back."""
    if patrol.inspector_of(opened.entry) != opened.account.name:
        raise Problem(403, "not_yours")
    return _done(opened, lambda draft: patrol.withdraw(draft, finding=opened.finding, reason=reason), reason)


@router.post("/doubt", dependencies=[may(Action.SETTLE_FINDING)])
def settle(
    opened: TheFinding,
    doubt: Annotated[Doubt, Form()],
    verdict: Annotated[Verdict, Form()],
    reason: Text = "",
    start: Annotated[datetime | None, Form()] = None,
    end: Annotated[datetime | None, Form()] = None,
) -> Response:
    """Settle a doubt: it stands, it is withdrawn, or there was an outing."""
    return _done(
        opened,
        lambda draft: doubts.settle(
            draft, finding=opened.finding, doubt=doubt, verdict=verdict, reason=reason, start=start, end=end
        ),
        reason,
    )


@router.post("/order", dependencies=[may(Action.SETTLE_FINDING)])
def order(opened: TheFinding, text: Text = "") -> Response:
    """Order the unit to mend it."""
    today = opened.view.today
    return _done(opened, lambda draft: rectification.order(draft, finding=opened.finding, today=today, text=text), text)


@router.post("/extension", dependencies=[may(Action.SETTLE_FINDING)])
def extend(opened: TheFinding, due: Annotated[date, Form()], reason: Text = "") -> Response:
    """Give the unit more time."""
    return _done(
        opened,
        lambda draft: rectification.extend(draft, finding=opened.finding, due=due, reason=reason),
        reason,
    )


@router.post("/reply", dependencies=[may(Action.REPLY_RECTIFICATION)])
def reply(opened: TheFinding, text: Text = "") -> Response:
    """The unit says what it has done."""
    unit = opened.account.unit
    return _done(opened, lambda draft: rectification.reply(draft, finding=opened.finding, unit=unit, text=text), text)


@router.post("/verification", dependencies=[may(Action.VERIFY_RECTIFICATION)])
def verify(opened: TheFinding, mended: Annotated[str, Form(pattern="^(yes|no)$")], text: Text = "") -> Response:
    """Somebody looked whether it is mended."""
    account, is_mended = opened.account.name, mended == "yes"
    return _done(
        opened,
        lambda draft: rectification.verify(draft, finding=opened.finding, mended=is_mended, text=text, account=account),
        text,
    )


@router.post("/closing", dependencies=[may(Action.SETTLE_FINDING)])
def close(opened: TheFinding, reason: Text = "") -> Response:
    """End the matter."""
    return _done(opened, lambda draft: rectification.close(draft, finding=opened.finding, reason=reason), reason)
