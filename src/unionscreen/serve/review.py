"""The review queue of a finished screening: one donor at a time, and each answer is recorded at once."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from unionscreen.reports import load_result
from unionscreen.review.decisions import UNDONE, Decision, Decisions, donor_key, state_key
from unionscreen.review.queue import Item, make_queue
from unionscreen.review.store import append_decisions, load_decisions
from unionscreen.screening import Screening
from unionscreen.serve.api import json_of
from unionscreen.serve.openapi import PREFIX, operation
from unionscreen.serve.problem import JSON, Problem
from unionscreen.serve.settings import ServeSettings

# The keys of the page, and the verdicts in the file of decisions.
_VERDICTS: Final = {"yes": "confirmed", "no": "rejected", "unsure": "unsure"}

_TEXT: Final = {"type": "string"}
_NEEDED: Final = {**_TEXT, "required": True}
_STATE: Final = {
    "type": "object",
    "required": ["left", "done", "next"],
    "properties": {
        "left": {"type": "integer"},
        "done": {"type": "integer"},
        "next": {"type": ["object", "null"], "description": "A donor with its key and the evidence; money in cents."},
        "last": {"type": ["string", "null"], "description": "The donor whose answer undo takes back."},
        "undone": {**_TEXT, "description": "After undo: the donor whose answer was taken back."},
    },
}


class Queue:
    """The queue of the screening that was reviewed last. Reading a large result for each answer would take too long."""

    def __init__(self, settings: ServeSettings) -> None:
        """Begin with nothing."""
        self._settings = settings
        self._of: Path | None = None
        self._screening: Screening | None = None
        self._all = 0
        self._answers: dict[Path, list[Decision]] = {}  # of this run, by screening; the last one can be undone

    def items(self, result: Path) -> tuple[list[Item], int]:
        """The donors that nobody has decided about, and how many are decided.

        Args:
            result: the report in JSON.

        Raises:
            UnionScreenError: the result or the decisions cannot be read.
        """
        log = load_decisions(self.file, missing_ok=True)
        if self._screening is None or self._of != result:
            self._screening, self._of = load_result(result), result
            self._all = len(make_queue(self._screening, Decisions(), unions=self._settings.overlay))
        left = make_queue(self._screening, log, unions=self._settings.overlay)
        return left, self._all - len(left)

    @property
    def file(self) -> Path:
        """The file of decisions.

        Raises:
            Problem: the run has none.
        """
        if self._settings.decisions is None:
            raise Problem(409, "there is no file for the decisions; start `unionscreen serve` with --decisions")
        return self._settings.decisions

    def state(self, result: Path) -> dict[str, Any]:
        """How many are left and done, and the next donor."""
        left, done = self.items(result)
        answers = self._answers.get(result)
        return {
            "left": len(left),
            "done": done,
            "next": queue_item(left[0]) if left else None,
            "last": answers[-1].donor if answers else None,
        }

    def decide(self, result: Path, key: str, answer: str, by: str) -> dict[str, Any]:
        """Record an answer; the state after it.

        Raises:
            Problem: nobody is left under this key: it was decided in another tab, or is not in the queue.
        """
        left, _ = self.items(result)
        found = next((item for item in left if item_key(item) == key), None)
        if found is None:
            raise Problem(409, "this donor is not in the queue any more")
        decision = found.decide(_VERDICTS[answer], by=by, on=date.today().isoformat())
        append_decisions(self.file, [decision])
        self._answers.setdefault(result, []).append(decision)
        return self.state(result)

    def undo(self, result: Path, by: str) -> dict[str, Any]:
        """Take the last answer of this run back: the file keeps it, and says that it was undone.

        Raises:
            Problem: there is no answer, or somebody has decided differently about the donor since.
        """
        answers = self._answers.get(result)
        if not answers:
            raise Problem(409, "there is no answer to undo")
        last = answers[-1]
        if not last.equals(load_decisions(self.file, missing_ok=True).current.get(last.key)):
            answers.pop()
            raise Problem(409, f"the answer about {last.donor} does not hold any more, so there is nothing to undo")
        append_decisions(self.file, [last.revoked(by, date.today().isoformat(), UNDONE)])
        answers.pop()
        return {**self.state(result), "undone": last.donor}


def item_key(item: Item) -> str:
    """The key of a donor's name and state in this API."""
    return hashlib.sha256(repr((donor_key(item.donor), state_key(item.state))).encode("utf-8", "replace")).hexdigest()


def queue_item(item: Item) -> dict[str, Any]:
    """An item of the queue in JSON, the money in cents."""
    return {**asdict(item), "held": None, "before": item.before, "key": item_key(item)}


def _who(value: dict[str, Any]) -> str:
    """The person who decides.

    Raises:
        Problem: nobody is named.
    """
    by = value.get("by")
    if not isinstance(by, str) or not by.strip():
        raise Problem(422, "nobody is named who decides: give by")
    return " ".join(by.split())  # as the file keeps it


def routes(settings: ServeSettings) -> list[BaseRoute]:
    """The routes of the review."""
    queue = Queue(settings)
    lock = asyncio.Lock()  # two tabs must not answer about one donor at once

    def result_of(request: Request, ident: Any) -> Path:
        path: Path = request.app.state.jobs.screening(str(ident or "")).report("json")
        return path

    @operation("get", "The next flagged donor to decide about.", {200: _STATE}, query={"screening": _NEEDED})
    async def review(request: Request) -> Response:
        """The state of the queue."""
        result = result_of(request, request.query_params.get("screening"))
        async with lock:
            return JSON(await asyncio.to_thread(queue.state, result))

    @operation(
        "post", "Record an answer in the file of --decisions.", {200: _STATE},
        body={"type": "object", "required": ["screening", "key", "answer", "by"], "properties": {
            "screening": _TEXT, "key": _TEXT, "answer": {"enum": list(_VERDICTS)},
            "by": {**_TEXT, "description": "Who decides."}}},
    )  # fmt: skip
    async def answer(request: Request) -> Response:
        """Record an answer."""
        value = await json_of(request)
        result = result_of(request, value.get("screening"))
        key, said = value.get("key"), value.get("answer")
        if not isinstance(said, str) or said not in _VERDICTS:
            raise Problem(422, f"answer is one of {', '.join(_VERDICTS)}")
        by = _who(value)
        async with lock:
            return JSON(await asyncio.to_thread(queue.decide, result, str(key), said, by))

    @operation(
        "post", "Take back the last answer about this screening. The file keeps it, with a line that it was undone.",
        {200: _STATE},
        body={"type": "object", "required": ["screening", "by"], "properties": {
            "screening": _TEXT, "by": {**_TEXT, "description": "Who takes it back."}}},
    )  # fmt: skip
    async def undo(request: Request) -> Response:
        """Undo the last answer."""
        value = await json_of(request)
        result, by = result_of(request, value.get("screening")), _who(value)
        async with lock:
            return JSON(await asyncio.to_thread(queue.undo, result, by))

    return [
        Route(f"{PREFIX}/review", review, methods=["GET"]),
        Route(f"{PREFIX}/review", answer, methods=["POST"]),
        Route(f"{PREFIX}/review/undo", undo, methods=["POST"]),
    ]
