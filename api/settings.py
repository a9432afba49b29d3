"""Every setting of the server, and the environment variable it comes from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self, get_args

from api.roles import Role, compatible
from attendance.facts import Refused
from devices.face.ports import STEPS, ChallengeMode, Step

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
Roles = frozenset[Role]
Names = tuple[str, ...]
Steps = tuple[Step, ...]
Engine = Literal["sface", "dlib", "none"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the person who runs the server may choose. `MANQIN_KEYS`, where the keys lie, is read by the log itself."""

    data: Path
    """MANQIN_DATA: the hall's folder."""
    store: str = "sqlite"
    """MANQIN_STORE: `sqlite`, or `postgresql://…`."""
    language: Language = "zh"
    """MANQIN_LANG: what a browser sees that chose no language."""
    host: str = "0.0.0.0"  # noqa: S104 - terminals call from the hall's network
    """MANQIN_HOST"""
    port: int = 8080
    """MANQIN_PORT: the terminals' door; 0 takes any free port."""
    https_port: int | None = None
    """MANQIN_HTTPS_PORT: the people's door; 8443, or another while that is taken, unless one is asked for."""
    names: Names = ()
    """MANQIN_NAMES: names and addresses people use in their browsers, as `hall.example,10.1.2.3`."""
    certificate: Path | None = None
    """MANQIN_CERTIFICATE: a certificate given (PEM, with its chain) instead of one of the hall's own authority."""
    certificate_key: Path | None = None
    """MANQIN_CERTIFICATE_KEY"""
    hsts: bool = False
    """MANQIN_HSTS: tell browsers to come by HTTPS alone. Only with a certificate given: a new authority of the hall's
    own would otherwise lock people out."""
    session_idle_minutes: int = 30
    """MANQIN_SESSION_IDLE_MINUTES: signed out after so long without a page."""
    session_hours: int = 12
    """MANQIN_SESSION_HOURS: signed out after so long in any case."""
    failures_allowed: int = 5
    """MANQIN_FAILURES_ALLOWED: wrong passwords in a row before an account locks (等保 2.0: 登录失败处理)."""
    lock_minutes: int = 15
    """MANQIN_LOCK_MINUTES"""
    failures_per_address: int = 30
    """MANQIN_FAILURES_PER_ADDRESS: failed sign-ins from one network address in five minutes before it has to wait."""
    second_factor_roles: Roles = frozenset()
    """MANQIN_SECOND_FACTOR_ROLES: roles that must show a code of their phone: `security_admin,auditor` (等保三级)."""
    follow_seconds: float = 0.1
    """MANQIN_FOLLOW_SECONDS: how long the read side sleeps when it has caught up."""

    face_engine: Engine = "sface"
    """MANQIN_FACE_ENGINE: `sface`; `dlib` (face_recognition), which verifies a staff number and does not search the
    hall; or `none`, no faces at all. Templates of one engine are of no use to another: people enrol again."""
    face_workers: int = 2
    """MANQIN_FACE_WORKERS: processes that look at frames, from the first face on; about 30 faces a second each."""
    face_challenge: ChallengeMode = "random"
    """MANQIN_FACE_CHALLENGE: whether people are asked to move: `always`, `random` (one in four), `never`."""
    face_steps: Steps = STEPS
    """MANQIN_FACE_STEPS: what they may be asked."""

    @classmethod
    def of(cls, environment: Mapping[str, str], **given: object) -> Self:
        """The environment's settings, with what was `given` on the command line (and is not None) over them.

        Raises Refused naming the variable that cannot be read.
        """
        values: dict[str, object] = {}
        for name, kind in cls.__annotations__.items():
            variable = VARIABLES.get(name, f"MANQIN_{name.upper()}")
            if (text := environment.get(variable)) and given.get(name) is None:
                values[name] = _read(variable, kind, text)
        return cls(**(values | {name: value for name, value in given.items() if value is not None}))  # type: ignore[arg-type]

    @property
    def accounts(self) -> Path:
        return self.data / "accounts.db"


VARIABLES = {"language": "MANQIN_LANG"}


def _read(variable: str, kind: Any, text: str) -> object:
    try:
        return READERS.get(kind, kind)(text)
    except (ValueError, Refused):
        raise Refused("setting_wrong", variable, variable=variable, value=text) from None


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return read


def _steps(text: str) -> tuple[str, ...]:
    if not (names := _names(text)):
        raise ValueError(text)
    return tuple(map(_one_of(*get_args(Step)), names))


def _roles(text: str) -> Roles:
    return frozenset(role for name in text.split(",") for role in compatible([name.strip()]))


def _names(text: str) -> Names:
    return tuple(name.strip().lower() for name in text.split(",") if name.strip())


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(text)
    return text == "1"


READERS: dict[Any, Any] = {
    Language: _one_of(*LANGUAGES),
    Engine: _one_of(*get_args(Engine)),
    ChallengeMode: _one_of(*get_args(ChallengeMode)),
    Steps: _steps,
    Roles: _roles,
    Names: _names,
    bool: _flag,
    int | None: int,
    Path | None: Path,
}
