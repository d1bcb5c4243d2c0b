"""From the [oracle] table of a study file to who answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from activeloop import oracles
from activeloop.errors import ConfigurationError, unknown
from activeloop.noise import Noise
from activeloop.oracles import Annotator
from activeloop.plugins import Place, called, named, takes
from activeloop.pool import Pool
from activeloop.study_tables import Oracle


def oracle(given: Oracle, pool: Pool, seed: int, folder: Place) -> Any:
    """Give the simulated oracle of a study, or the user's own, which counts as a simulation.

    A class is made with `pool` and `seed` where it takes them.
    """
    if given.name != "simulated":
        found = named("oracle", given.name, {"simulated": None}, folder)
        if isinstance(found, type):
            known = {"pool": pool, "seed": seed}
            wanted = {key: value for key, value in known.items() if key in (takes(found) or ())}
            found = called(f"oracle {given.name!r}", found, wanted)
        return oracles.simulation(found)
    noise = _noise(given.noise, given.confusion, given.item_noise, pool, folder)
    people = tuple(
        Annotator(
            one.name,
            oracles.uniform_noise(one.noise) if one.noise else None,
            one.abstain,
            one.cost,
            one.seconds,
        )
        for one in given.annotators
    )
    return oracles.simulated(
        pool,
        seed=seed,
        noise=noise,
        abstain=given.abstain,
        cost=_per_item(given.cost, folder),
        seconds=_per_item(given.seconds, folder),
        annotators=people,
        votes=given.votes,
    )


def _noise(
    rate: float,
    confusion: Mapping[str, Mapping[str, float]] | None,
    item: str | None,
    pool: Pool,
    folder: Place,
) -> Noise | None:
    if (rate > 0) + (confusion is not None) + (item is not None) > 1:
        raise ConfigurationError("oracle: give one of noise, confusion, item_noise")
    if confusion is not None:
        classes = {str(value): value for value in pool.classes or ()}
        foreign = [one for true, row in confusion.items() for one in (true, *row) if one not in classes]
        if foreign:
            raise ConfigurationError("oracle.confusion: " + unknown("class", foreign[0], classes))
        return oracles.confusion(
            {
                classes[true]: {classes[said]: chance for said, chance in row.items()}
                for true, row in confusion.items()
            }
        )
    if item is not None:
        return oracles.item_noise(named("noise", item, {}, folder))
    return oracles.uniform_noise(rate) if rate else None


def _per_item(given: float | str, folder: Place) -> Any:
    return named("cost", given, {}, folder) if isinstance(given, str) else given
