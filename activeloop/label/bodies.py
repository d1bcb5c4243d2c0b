"""What the browser may send, key by key; anything else is refused with the key that was wrong."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from activeloop.errors import AnswerError
from activeloop.label.annotators import Role
from activeloop.query import Outcome

MOST_SECONDS = 86_400.0
MOST_NOTE = 5_000

Word = Annotated[str, Field(min_length=1, max_length=2_000)]
Short = Annotated[str, Field(min_length=1, max_length=200)]


class Body(BaseModel):
    """The body of a request: its own keys, of its own types, and no others."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Nothing(Body):
    """A request that says nothing but itself."""


class Wanted(Body):
    """How many items the page wants to have at hand."""

    n: Annotated[int, Field(ge=1, le=10)] = 3


class Given(Body):
    """One answer; `key` is made by the page, once for each press of a key."""

    key: Short
    ask: Word
    label: Annotated[str, Field(max_length=1_000)] | None = None
    outcome: Outcome = "label"
    seconds: Annotated[float, Field(ge=0, le=MOST_SECONDS, allow_inf_nan=False)] = 0.0
    note: Annotated[str, Field(max_length=MOST_NOTE)] = ""
    flagged: bool = False
    lease: Annotated[str, Field(max_length=200)] = ""


class Leases(Body):
    """The leases that are meant, by their tokens."""

    leases: Annotated[list[Short], Field(max_length=100)]


class Token(Body):
    """An invitation."""

    token: Short


class Invited(Body):
    """Who is let in, and as what."""

    name: Short
    role: Role = "annotator"


class Named(Body):
    """Somebody by name."""

    name: Short


Read = TypeVar("Read", bound=Body)


def read(kind: type[Read], content: bytes) -> Read:
    """Read a body; raises AnswerError naming the first key that is wrong.

    >>> read(Leases, b'{"leases": ["a"]}').leases
    ['a']
    >>> read(Leases, b'{"leases": [1]}')
    Traceback (most recent call last):
    activeloop.errors.AnswerError: leases.0: Input should be a valid string
    """
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"])) or "body"
        raise AnswerError(f"{where}: {first['msg']}") from None
