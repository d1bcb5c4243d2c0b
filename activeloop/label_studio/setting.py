"""How the project of a run is set up, and the mark by which it is found again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from activeloop.errors import OracleError
from activeloop.label_studio.choices import CONTROL, Choices, Kind, page

_TITLE = 50


class Setting(NamedTuple):
    """What people see in the project of a run: the page, how many of them each item, and the guidelines."""

    run: str
    kind: Kind
    choices: Choices
    needed: int
    guidelines: str

    @property
    def title(self) -> str:
        """The title of the project."""
        return f"activeloop: {self.run}"[:_TITLE]

    @property
    def page(self) -> str:
        """The labeling interface."""
        return page(self.kind, self.choices)

    def asking(self) -> dict[str, Any]:
        """Give what Label Studio is told: our order, no prediction shown, and a skip ends an ask."""
        return {
            "sampling": "Sequential sampling",
            "show_collab_predictions": False,
            "maximum_annotations": self.needed,
            "skip_queue": "IGNORE_SKIPPED",
            "show_skip_button": True,
            "enable_empty_annotation": False,
            "expert_instruction": self.guidelines,
            "show_instruction": bool(self.guidelines),
        }

    def missing(self, there: Mapping[str, Any]) -> dict[str, Any]:
        """Give what has to be changed in a project that is there.

        Its labeling interface stays as people made it, so long as it offers the choices of the run. Raises
        OracleError when it offers others.
        """
        changes = {name: value for name, value in self.asking().items() if there.get(name) != value}
        controls = there["parsed_label_config"]
        if not controls:
            return changes | {"label_config": self.page}
        control = controls.get(CONTROL, {})
        offered, wanted = set(control.get("labels", ())), {one.words for one in self.choices.all}
        if offered != wanted or control.get("type") != "Choices":
            raise OracleError(
                f"project {there['id']} offers {_listed(offered)}, and the run {self.run!r} has "
                f"{_listed(wanted)}; correct the labeling interface in its settings, or name another run"
            )
        return changes


class Mark(NamedTuple):
    """What the description of a project says: whose it is, and how many rounds are over."""

    run: str
    closed: int = 0

    def on(self, description: str | None) -> str:
        """Write it above what people wrote."""
        rest = _MARK.sub("", description or "").strip()
        return f"activeloop run {json.dumps(self.run)}, rounds closed: {self.closed}\n{rest}".strip()

    @classmethod
    def read(cls, description: str | None) -> Mark | None:
        """Read it; None where a project belongs to no run.

        >>> Mark.read(Mark("reviews", 3).on("Ask Ann when in doubt."))
        Mark(run='reviews', closed=3)
        """
        found = _MARK.search(description or "")
        return cls(json.loads(f'"{found[1]}"'), int(found[2])) if found else None


_MARK = re.compile(r'activeloop run "((?:[^"\\]|\\.)*)", rounds closed: (\d+)')


def _listed(words: set[str]) -> str:
    return ", ".join(map(repr, sorted(words)[:10])) or "no choice called 'label'"
