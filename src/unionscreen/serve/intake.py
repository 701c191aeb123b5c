"""The intake view: an export of donations sorted into three lists, and letters to those whose money goes back."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from unionscreen.intake import DONATION_ACTIONS, POLICIES, judge_donations, return_days
from unionscreen.intake.letters import write_letters
from unionscreen.intake.log import append_log
from unionscreen.intake.profile import complete
from unionscreen.intake.rules import policy_text
from unionscreen.matching.places import state_code
from unionscreen.reports.intake import intake_summary
from unionscreen.review.clearing import clear_donor
from unionscreen.serve.api import disconnected, json_of
from unionscreen.serve.jobs import Jobs, link_upload
from unionscreen.serve.openapi import PREFIX, operation
from unionscreen.serve.problem import JSON, Problem
from unionscreen.serve.settings import ServeSettings
from unionscreen.serve.working import in_child

INTAKE_OPTIONS: Final = ("policy", "return_within", "state", "filing_format")
"""Texts that the intake takes, as the options of the command of the same names."""

_TEXT: Final = {"type": "string"}
_LIST: Final = {"type": "array", "items": {"type": "object"}}
_LISTS: Final = {
    "type": "object",
    "required": [*DONATION_ACTIONS, "letters"],
    "properties": {
        **dict.fromkeys(DONATION_ACTIONS, _LIST),
        "letters": {"type": "array", "items": {"type": "object", "properties": {"name": _TEXT, "text": _TEXT}}},
        "summary": _TEXT,
        "notes": {"type": "array", "items": _TEXT},
        "policy": {**_TEXT, "description": "In words, with those for single kinds."},
        "profile": {"type": ["string", "null"], "description": "The file of --profile."},
    },
}

_CLEARED: Final = {
    "type": "object",
    "required": ["new", "scope", "decision", "overrides", "text"],
    "properties": {
        "new": {"type": "boolean", "description": "false: the same decision held before."},
        "scope": {**_TEXT, "description": "Where it holds."},
        "decision": {**_TEXT, "description": "Who, when and why, as every list and report says it."},
        "overrides": {**_TEXT, "description": "The reason of the tool's own answer."},
        "text": _TEXT,
    },
}


def judge_export(arguments: dict[str, Any], _tell: Any) -> dict[str, Any]:
    """Sort the donations of an export, in a child process.

    Args:
        arguments: ``folder`` with the ``export``, the ``options`` of :func:`unionscreen.intake.judge_donations`, and
            ``letters``, a folder to write letters to, by the ``template``; ``log``, the decision log. The last two may
            be None.

    Returns:
        The three lists, a summary, notes, the policy in words and the letters.
    """
    os.chdir(arguments["folder"])
    options = arguments["options"]
    template, log = (None if arguments[name] is None else Path(arguments[name]) for name in ("template", "log"))
    found = judge_donations([arguments["export"]], **options)
    written = write_letters(
        Path(arguments["letters"]),
        found.to_return,
        today=date.today(),
        template=template,
        recipient=options.get("recipient"),
    )
    if log is not None:
        append_log(log, found, datetime.now(UTC))
    return {
        **{action: [each.to_dict() for each in found.of(action)] for action in DONATION_ACTIONS},
        "letters": [{"name": path.name, "text": path.read_text(encoding="utf-8")} for path in written],
        "summary": intake_summary(found),
        "notes": list(found.notes),
        "policy": policy_text(found.manifest),
    }


def intake_options(value: dict[str, Any], settings: ServeSettings) -> dict[str, Any]:
    """The arguments of :func:`unionscreen.intake.judge_donations` for a request, completed from the profile of the run.

    Raises:
        Problem: an unknown option, or one that is not a text.
        UsageError: not a number of days.
    """
    options = value.get("options") or {}
    if not isinstance(options, dict) or not all(
        name in INTAKE_OPTIONS and isinstance(text, str) for name, text in options.items()
    ):
        raise Problem(422, f"options are texts: {', '.join(INTAKE_OPTIONS)}")
    given: dict[str, Any] = {name: text for name, text in options.items() if text}
    if given.get("policy", "review") not in POLICIES:
        raise Problem(422, f"policy is one of {', '.join(POLICIES)}")
    if candidate := value.get("candidate"):
        given["recipient"] = str(candidate)
    profile = replace(settings.profile, decisions=settings.decisions, unions=settings.overlay)
    found = complete(profile, given)
    if found["return_within"] is not None:
        found["return_within"] = return_days(str(found["return_within"]))
    return {name: str(each) if isinstance(each, Path) else each for name, each in found.items()}


async def _sort(one: asyncio.Lock, arguments: dict[str, Any], settings: ServeSettings, scratch: Path) -> Response:
    """Sort as soon as no other intake runs."""
    async with one:
        found = await in_child("unionscreen.serve.intake:judge_export", arguments, scratch=scratch)
    if settings.decisions is not None and arguments["options"]["decisions"] is None:
        found["notes"] = [*found["notes"], f"{settings.decisions.name}: there are no decisions yet"]
    return JSON({**found, "profile": settings.profile_name})


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


async def _unless_left(request: Request, answer: Coroutine[Any, Any, Response]) -> Response:
    """The answer, which is canceled if the client goes away."""
    work, gone = asyncio.create_task(answer), asyncio.create_task(disconnected(request.receive))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        return await work if work.done() else Response(status_code=400)  # nobody hears it
    finally:
        work.cancel()
        gone.cancel()
        await asyncio.wait({work, gone})


def routes(settings: ServeSettings) -> list[BaseRoute]:
    """The route of the intake."""
    one = asyncio.Lock()  # as of screenings, one runs at a time

    @operation(
        "post", "Sort the donations of an export into accept, review and refuse. The --profile says what is not given.",
        {200: _LISTS},
        body={"type": "object", "required": ["upload"], "properties": {
            "upload": _TEXT, "candidate": {**_TEXT, "description": "Who received, for an export that does not say."},
            "options": {"type": "object", "properties": dict.fromkeys(INTAKE_OPTIONS, _TEXT)}}},
    )  # fmt: skip
    async def intake(request: Request) -> Response:
        """Sort an upload."""
        value = await json_of(request)
        jobs: Jobs = request.app.state.jobs
        upload = jobs.upload(str(value.get("upload") or ""))
        options = intake_options(value, settings)
        folder = settings.folder / "intakes" / secrets.token_hex(12)
        try:
            export = folder / "export"
            export.mkdir(parents=True)
            await asyncio.to_thread(link_upload, upload, export / upload.name)
            arguments = {
                "folder": str(export),
                "export": upload.name,
                "options": options,
                "letters": str(folder / "letters"),
                "template": _text(settings.profile.template),
                "log": _text(settings.profile.decision_log),
            }
            return await _unless_left(request, _sort(one, arguments, settings, folder / "scratch"))
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    @operation(
        "post", "Clear a donor in the file of --decisions: record that it is not a union, as `review clear` does.",
        {200: _CLEARED},
        body={"type": "object", "required": ["donor", "by", "why"], "properties": {
            "donor": {**_TEXT, "description": "As exported."},
            "state": {**_TEXT, "description": "Only the donor in this state; what is not a state means any."},
            "by": {**_TEXT, "description": "Who clears the donor."}, "why": _TEXT}},
    )  # fmt: skip
    async def clear(request: Request) -> Response:
        """Clear a donor."""
        value = await json_of(request)
        asked = {name: value.get(name, "") for name in ("donor", "state", "by", "why")}
        if not all(isinstance(text, str) for text in asked.values()):
            raise Problem(422, "donor, state, by and why are texts")
        if settings.decisions is None:
            raise Problem(409, "there is no file for the decisions; start `unionscreen serve` with --decisions")
        asked["state"] = state_code(asked["state"])
        on = date.today().isoformat()
        found = await asyncio.to_thread(clear_donor, settings.decisions, on=on, unions=settings.overlay, **asked)
        scope = found.decision.scope
        done = "Cleared" if found.new else "Cleared before"
        return JSON(
            {
                "new": found.new,
                "scope": scope,
                "decision": found.decision.sentence(),
                "overrides": found.answer.why,
                "text": f"{done}: {found.decision.donor} ({scope}).",
            }
        )

    return [
        Route(f"{PREFIX}/intake", intake, methods=["POST"]),
        Route(f"{PREFIX}/intake/clear", clear, methods=["POST"]),
    ]
