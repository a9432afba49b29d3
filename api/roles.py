"""Who may do what: one table, role by action. docs/roles.md is made from it, and every route names its action."""

from collections.abc import Collection, Mapping
from enum import IntEnum, StrEnum

from attendance.facts import Refused


class Role(StrEnum):
    """What somebody is in the hall. An account may hold several of the business roles."""

    STAFF = "staff"
    UNIT_CONTACT = "unit_contact"
    INSPECTOR = "inspector"
    SUPERVISOR = "supervisor"
    DIRECTOR = "director"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"


class Scope(IntEnum):
    """Whose records an action reaches: one's own, those of one's unit, everybody's."""

    OWN = 1
    UNIT = 2
    ALL = 3


class Action(StrEnum):
    """What can be done. Each route names exactly one."""

    USE_ACCOUNT = "use_account"
    SEE_MONTH = "see_month"
    SEE_FACT = "see_fact"
    SEE_OWN = "see_own"
    CONFIRM_OWN = "confirm_own"
    OBJECT_OWN = "object_own"
    SEE_COMPLETENESS = "see_completeness"
    OPEN_REVIEW = "open_review"
    SETTLE_OBJECTION = "settle_objection"
    EDIT_BULLETIN = "edit_bulletin"
    REVIEW_BULLETIN = "review_bulletin"
    PUBLISH = "publish"
    AMEND = "amend"
    EXPORT = "export"
    SEE_TERMINALS = "see_terminals"
    ACCEPT_TERMINAL = "accept_terminal"
    MANAGE_TERMINAL = "manage_terminal"
    CARRY_PEOPLE = "carry_people"
    SETTLE_READING = "settle_reading"
    IMPORT_PUNCHES = "import_punches"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_JOBS = "see_jobs"
    RUN_JOB = "run_job"
    SEE_AUDIT = "see_audit"
    PAIR_TERMINAL = "pair_terminal"
    SEE_FACES = "see_faces"
    ENROL_FACE = "enrol_face"
    GIVE_PASSCODE = "give_passcode"
    SIGN_FOR = "sign_for"
    OWN_WAYS = "own_ways"
    PATROL = "patrol"
    SEE_FINDINGS = "see_findings"
    ANSWER_FINDING = "answer_finding"
    REPLY_RECTIFICATION = "reply_rectification"
    VERIFY_RECTIFICATION = "verify_rectification"
    JUDGE_APPEAL = "judge_appeal"
    SETTLE_FINDING = "settle_finding"
    EDIT_ROTA = "edit_rota"
    SEE_DESIGN = "see_design"
    SEE_INTERFACE = "see_interface"


KEPT_APART = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
"""三员 (等保 2.0, GB/T 22239-2019): whoever holds one of them holds nothing else."""

_EVERYBODY = dict.fromkeys(Role, Scope.OWN)
_WORKING = dict.fromkeys((Role.STAFF, Role.UNIT_CONTACT, Role.INSPECTOR, Role.SUPERVISOR, Role.DIRECTOR), Scope.OWN)
_OFFICE = dict.fromkeys((Role.SUPERVISOR, Role.DIRECTOR), Scope.ALL)
_READING = _WORKING | _OFFICE | {Role.UNIT_CONTACT: Scope.UNIT, Role.SYSTEM_ADMIN: Scope.ALL}

TABLE: Mapping[Action, Mapping[Role, Scope]] = {
    Action.USE_ACCOUNT: _EVERYBODY,
    Action.SEE_MONTH: _READING,
    Action.SEE_FACT: _READING | {Role.AUDITOR: Scope.ALL},
    Action.SEE_OWN: _WORKING,
    Action.CONFIRM_OWN: _WORKING,
    Action.OBJECT_OWN: _WORKING,
    Action.SEE_COMPLETENESS: _OFFICE | {Role.SYSTEM_ADMIN: Scope.ALL},
    Action.OPEN_REVIEW: _OFFICE,
    Action.SETTLE_OBJECTION: _OFFICE,
    Action.EDIT_BULLETIN: _OFFICE,
    Action.REVIEW_BULLETIN: _OFFICE,
    Action.PUBLISH: {Role.DIRECTOR: Scope.ALL},
    Action.AMEND: {Role.DIRECTOR: Scope.ALL},
    Action.EXPORT: _OFFICE | {Role.UNIT_CONTACT: Scope.UNIT},
    Action.SEE_TERMINALS: _OFFICE | {Role.SYSTEM_ADMIN: Scope.ALL},
    Action.ACCEPT_TERMINAL: {Role.SYSTEM_ADMIN: Scope.ALL},
    Action.MANAGE_TERMINAL: {Role.SYSTEM_ADMIN: Scope.ALL},
    Action.CARRY_PEOPLE: _OFFICE | {Role.SYSTEM_ADMIN: Scope.ALL},
    Action.SETTLE_READING: _OFFICE,
    Action.IMPORT_PUNCHES: _OFFICE | {Role.SYSTEM_ADMIN: Scope.ALL},
    Action.MANAGE_ACCOUNTS: {Role.SECURITY_ADMIN: Scope.ALL},
    Action.SEE_JOBS: _OFFICE | {Role.SYSTEM_ADMIN: Scope.ALL},
    Action.RUN_JOB: {Role.SUPERVISOR: Scope.ALL, Role.SYSTEM_ADMIN: Scope.ALL},
    Action.SEE_AUDIT: {Role.AUDITOR: Scope.ALL},
    Action.PAIR_TERMINAL: {Role.SYSTEM_ADMIN: Scope.ALL},
    Action.SEE_FACES: _OFFICE,
    Action.ENROL_FACE: _OFFICE,
    Action.GIVE_PASSCODE: _OFFICE,
    Action.SIGN_FOR: _OFFICE,
    Action.OWN_WAYS: _WORKING,
    Action.PATROL: _OFFICE | {Role.INSPECTOR: Scope.ALL},
    Action.SEE_FINDINGS: _WORKING | _OFFICE | {Role.UNIT_CONTACT: Scope.UNIT},
    Action.ANSWER_FINDING: _WORKING | {Role.UNIT_CONTACT: Scope.UNIT},
    Action.REPLY_RECTIFICATION: {Role.UNIT_CONTACT: Scope.UNIT},
    Action.VERIFY_RECTIFICATION: _OFFICE | {Role.INSPECTOR: Scope.OWN},
    Action.JUDGE_APPEAL: _OFFICE,
    Action.SETTLE_FINDING: _OFFICE,
    Action.EDIT_ROTA: _OFFICE,
    Action.SEE_DESIGN: _EVERYBODY,
    Action.SEE_INTERFACE: _EVERYBODY,
}


def scope_of(roles: Collection[Role], action: Action) -> Scope | None:
    """How far somebody with these roles reaches with an action; None: not at all."""
    return max((TABLE[action][role] for role in roles if role in TABLE[action]), default=None)


def compatible(roles: Collection[str]) -> frozenset[Role]:
    """The roles of one account. Raises Refused for none, an unknown one, or what must be kept apart."""
    unknown = sorted(set(roles) - {role.value for role in Role})
    if unknown or not roles:
        raise Refused("role_unknown", "roles", role="、".join(unknown), listed=[role.value for role in Role])
    held = frozenset(Role(role) for role in roles)
    if held & KEPT_APART and len(held) > 1:
        raise Refused("roles_kept_apart", "roles")
    return held
