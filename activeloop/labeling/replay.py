"""A run that people labeled, run again without them: the same asks, the same answers, the same history."""

from __future__ import annotations

from activeloop.errors import StoreError
from activeloop.events import Event, Store
from activeloop.history import History
from activeloop.loop import Loop
from activeloop.query import Answer


def replay(store: Store, loop: Loop, run: str = "run") -> History:
    """Ask, tell and close as a stored run did, with a new loop that was made as the stored one was.

    Every model is fitted and every batch picked again. Raises StoreError at the first ask or score that comes
    out otherwise: then the data, the model, the strategy or a package has changed.
    """
    for event in store.events(run):
        if event.kind == "asked":
            _same_asks(loop, event)
        elif event.kind == "answered":
            loop.tell(Answer(*one) for one in event.payload["answers"])
        elif event.kind == "closed":
            _same_round(loop, event)
    return loop.history


def _same_asks(loop: Loop, event: Event) -> None:
    wanted = [tuple(one[:2]) for one in event.payload["asks"]]
    asked = [tuple(ask[:2]) for ask in loop.ask(len(wanted)).asks]
    for before, now in zip(wanted, asked, strict=False):
        if before != now:
            raise StoreError(
                f"round {event.round}: ask {before[0]!r} was about item {before[1]!r}, and is now about "
                f"{now[1]!r}; the data, the model, the strategy or a package has changed"
            )


def _same_round(loop: Loop, event: Event) -> None:
    if len(loop.history) == event.round:
        loop.close()
    now, before = loop.history.rounds[event.round].to_payload(), event.payload
    for key in ("n_labeled", "bought_total", "scores", "slices"):
        if now[key] != before[key]:
            raise StoreError(f"round {event.round}: {key} came out otherwise than in the stored run")
