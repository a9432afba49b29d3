"""The two web applications of one hall: the people's pages and interface, and the terminals' door."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from threading import Event

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import FastAPI
from starlette.routing import BaseRoute, Match
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

import api.pages.account
import api.pages.accounts
import api.pages.audit
import api.pages.bulletins
import api.pages.connect
import api.pages.design
import api.pages.face_terminals
import api.pages.faces
import api.pages.facts
import api.pages.finding_deeds
import api.pages.findings
import api.pages.jobs
import api.pages.kiosk
import api.pages.kiosk_ways
import api.pages.life
import api.pages.months
import api.pages.own
import api.pages.own_ways
import api.pages.patrol_questions
import api.pages.people
import api.pages.questions
import api.pages.rota
import api.pages.rounds
import api.pages.runs
import api.pages.sign_in
import api.pages.tablet
import api.pages.terminal
import api.pages.terminal_people
import api.pages.terminal_pins
import api.pages.terminals
import api.pages.trust
import api.pages.uploads
import api.pages.watch
import api.pages.watermark
import api.routes.bulletins
import api.routes.facts
import api.routes.health
import api.routes.months
import api.routes.openapi
import api.routes.patrol
import api.routes.tablet
import api.routes.terminals
from api.accounts import Accounts
from api.auth import Door
from api.body_limit import BodyLimit
from api.doors import terminal_routes
from api.faces import FaceService
from api.follower import Follower
from api.identity import DoorIdentity
from api.jobs.board import Board
from api.jobs.job import House
from api.jobs.list import JOBS
from api.jobs.nightly import catch_up
from api.jobs.remembering import recall
from api.kiosk.desk import Desk
from api.pages.frame import HERE
from api.problems import handle_problems
from api.routes.health import Probe
from api.security import SecurityHeaders
from api.settings import Settings
from api.uploads import Uploads
from attendance.hall import Hall
from attendance.log.files import keys_beside, write_once
from devices.face import VAULT
from projections.ledger import Ledger

TITLE = "Manqin 满勤"
ROUTERS = (
    api.routes.health.router,
    api.routes.months.router,
    api.routes.bulletins.router,
    api.routes.facts.router,
    api.routes.terminals.router,
    api.routes.openapi.router,
    api.routes.patrol.router,
    api.routes.tablet.router,
    api.pages.sign_in.router,
    api.pages.sign_in.home,
    api.pages.account.router,
    api.pages.accounts.router,
    api.pages.audit.router,
    api.pages.months.router,
    api.pages.life.router,
    api.pages.bulletins.router,
    api.pages.own.router,
    api.pages.people.router,
    api.pages.facts.router,
    api.pages.patrol_questions.router,
    api.pages.findings.router,
    api.pages.finding_deeds.router,
    api.pages.rounds.router,
    api.pages.rota.router,
    api.pages.terminals.router,
    api.pages.terminal_people.orders,
    api.pages.terminal.router,
    api.pages.terminal_pins.router,
    api.pages.terminal_people.router,
    api.pages.connect.router,
    api.pages.uploads.router,
    api.pages.watch.router,
    api.pages.runs.router,
    api.pages.questions.router,
    api.pages.jobs.router,
    api.pages.face_terminals.router,
    api.pages.faces.router,
    api.pages.own_ways.router,
    api.pages.kiosk.router,
    api.pages.kiosk_ways.router,
    api.pages.trust.router,
    api.pages.design.router,
    api.pages.tablet.router,
    api.pages.watermark.router,
)


def create_app(hall: Hall, ledger: Ledger, settings: Settings, identity: DoorIdentity) -> FastAPI:
    """The people's application, ready to serve. While it serves, its follower keeps the lists up to date."""
    app = FastAPI(title=TITLE, version="1", openapi_url=None, lifespan=_life)
    app.state.hall, app.state.ledger, app.state.settings = hall, ledger, settings
    app.state.identity = identity
    app.state.accounts = open_accounts(settings)
    app.state.door = Door(
        app.state.accounts,
        settings.failures_per_address,
        note=lambda fact, actor: hall.receive([fact], actor),
        second_factor_roles=settings.second_factor_roles,
    )
    app.state.uploads = Uploads()
    app.state.probe = Probe(hall, settings.data)
    app.state.follower = Follower(ledger, settings.follow_seconds)
    app.state.faces = FaceService(hall, settings)
    app.state.desk = Desk.open(hall, ledger, app.state.faces)
    app.state.board = Board(House(hall, ledger, settings, Event()), JOBS)
    for router in ROUTERS:
        app.include_router(router)
    _furnish(app, hsts=settings.hsts and settings.certificate is not None)
    return app


def create_terminals_app(people: FastAPI) -> FastAPI:
    """What the terminals' door answers: terminals, health, and where people go instead; nothing else."""
    app = FastAPI(title=TITLE, version="1", openapi_url=None)
    app.state = people.state
    app.include_router(api.routes.health.router)
    app.include_router(api.pages.trust.router)
    _furnish(app, hsts=False)
    app.include_router(api.pages.trust.terminals_side)
    app.add_middleware(TerminalsFirst, doors=terminal_routes(people.state.hall))
    return app


def _furnish(app: FastAPI, *, hsts: bool) -> None:
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.add_middleware(SecurityHeaders, hsts=hsts)
    app.add_middleware(BodyLimit)
    handle_problems(app)


def open_accounts(settings: Settings) -> Accounts:
    """The accounts of a hall that exists; what seals their second factors lies with the hall's keys."""
    return Accounts(
        settings.accounts,
        idle_seconds=settings.session_idle_minutes * 60,
        session_seconds=settings.session_hours * 3600,
        failures_allowed=settings.failures_allowed,
        lock_seconds=settings.lock_minutes * 60,
        key=write_once(keys_beside(settings.data.absolute()) / "accounts.key", AESGCM.generate_key(256)),
    )


class TerminalsFirst:
    """Leads terminals to their doors past everything that is for people: a post of one line must stay cheap."""

    def __init__(self, app: ASGIApp, doors: Sequence[BaseRoute]) -> None:
        self.app, self.doors = app, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = next((door for door in self.doors if door.matches(scope)[0] is Match.FULL), None)
        await (door.handle if door else self.app)(scope, receive, send)


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    catch_up(app.state.hall, datetime.now().astimezone())
    recall(app.state.hall)
    app.state.follower.start()
    app.state.board.start()
    if (app.state.hall.folder.data / VAULT).exists():
        # Killed between a withdrawal and its template's end, the hall must not keep that template until the night.
        app.state.board.run_soon("faces")
    yield
    app.state.board.stop()
    app.state.desk.close()
    app.state.faces.close()
    app.state.follower.stop()
    app.state.accounts.close()
