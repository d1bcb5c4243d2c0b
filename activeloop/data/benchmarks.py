"""Recipes of data on which others have published results of active learning, so that theirs can be met."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from activeloop.data.dataset import Dataset
from activeloop.data.recipes import Recipe, RecipeFile

_ZHAN = "https://raw.githubusercontent.com/SineZHAN/ComparativeSurveyIJCAI2021PoolBasedAL"
_REVIEWS = (
    "https://raw.githubusercontent.com/asreview/paper-evaluating-models-across-research-areas/"
    "602f08257a6463655c52f6d8df360a4d10533eb6/datasets/sim_datasets"
)
_FIRST, _LATER = "7631b847ab8472b2c53b49bd2ab14951a89f0377", "668868824490cc6b1bc1ed4646213afb93debfd5"


class _Table(NamedTuple):
    """One table of Zhan et al.: how large it is, and its file."""

    items: int
    features: int
    sha256: str
    size: int
    commit: str = _FIRST


_TABLES = {
    "appendicitis": _Table(106, 7, "50b0bea51c188bd769319150e4b52bdb0b9d9144851bee1babfeac3533236c5f", 6_122),
    "australian": _Table(690, 14, "2cd070cb79b304b9f2397c04799fd49553a57caf5e8a14c13d99622886998e41", 71_159),
    "diabetes": _Table(768, 8, "2dca3b76a3d138de239bd5a24ff9703530a74064ae2569e06b3274c0e7262074", 68_645),
    "ex8a": _Table(766, 2, "831d50cfb2ca2b0bb0da551e5baad82be816467db8f6ae97f7039e5356db3fa3", 18_987),
    "gcloudb": _Table(1000, 2, "71a3f5c3bb327cc22b0724fdcd5fd5e6dc08bf26bdc542922e010d52838fa864", 46_285),
    "haberman": _Table(306, 3, "83577dadf4451e7b163b2fb944273e4a8648b8a73960aa56066a1d5c0ed70bdd", 5_245),
    "heart": _Table(270, 13, "671652b87f81e679315026d3582ff2c6f6d50b4c20e026050a0dc2200a9a7e2f", 27_940),
    "mammographic": _Table(
        830, 5, "df438dab48f576b2ad85a4aa0d46c811e8bb55622a0f1675b03029dde3220914", 20_751, _LATER
    ),
    "parkinsons": _Table(195, 22, "aec5103b7edf76c4ad8ef851fc266db3e45d05c0a11810b4b7ae7fff30290d37", 96_266),
    "wdbc": _Table(569, 30, "66704dc3f9630f2589f6297e3a75af6b62a2f6db14f2a097c4ee9e4441b57636", 385_394),
}


class _Review(NamedTuple):
    """One systematic review: what it is about, how many abstracts, how many relevant, and its file."""

    about: str
    items: int
    relevant: int
    sha256: str
    size: int


_SCREENED = {
    "nudging": _Review(
        "nudging healthcare professionals",
        1_847,
        100,
        "6970c41b9e364682956542ef399925ff0b2e1d29e6177c5957dabcfc1de248e6",
        3_608_214,
    ),
    "wilson": _Review(
        "Wilson disease",
        2_333,
        23,
        "96154e86b6465e7130b3994dee9da4d06db607f064164504646b4af0256d0548",
        3_314_453,
    ),
}


def read_libsvm(files: Mapping[str, Path]) -> Dataset:
    """Read a table of two classes in libsvm's text format, dense; a class 0 becomes −1 where no −1 is."""
    from sklearn.datasets import load_svmlight_file

    (path,) = files.values()
    features, target = load_svmlight_file(str(path))
    labels = target.astype(np.int64)
    if not (labels == -1).any():
        labels[labels == 0] = -1
    return Dataset(features.toarray(), labels, name=path.name.removesuffix("-svmstyle.txt"))


def read_review(files: Mapping[str, Path]) -> Dataset:
    """Read a screened review: the text is title and abstract, the classes "irrelevant" and "relevant"."""
    (path,) = files.values()
    frame = pd.read_csv(path, keep_default_na=False)
    mark = "included" if "included" in frame else "label_included"
    return Dataset(
        (frame["title"] + " " + frame["abstract"]).tolist(),
        np.where(frame[mark].astype(int) == 1, "relevant", "irrelevant").tolist(),
        metadata=frame[["title"]],
        name=path.stem,
    )


PUBLISHED = (
    *(
        Recipe(
            name=f"asreview-{name}",
            about=f"{one.items:,} abstracts screened for a review on {one.about}; {one.relevant} relevant",
            source="https://github.com/asreview/paper-evaluating-models-across-research-areas",
            licence="MIT (repository); the abstracts are their publishers'",
            folder="asreview_sim",
            files=(RecipeFile(f"{name}.csv", f"{_REVIEWS}/{name}.csv", one.sha256, one.size),),
            read=read_review,
        )
        for name, one in _SCREENED.items()
    ),
    *(
        Recipe(
            name=f"zhan-{name}",
            about=f"{one.items:,} items of {one.features} numbers, 2 classes; a table of Zhan et al. 2021",
            source="https://github.com/SineZHAN/ComparativeSurveyIJCAI2021PoolBasedAL",
            licence="MIT (repository)",
            folder="lu2023",
            files=(
                RecipeFile(
                    f"{name}-svmstyle.txt",
                    f"{_ZHAN}/{one.commit}/Dataset/dealeddata/{name}-svmstyle.txt",
                    one.sha256,
                    one.size,
                ),
            ),
            read=read_libsvm,
        )
        for name, one in _TABLES.items()
    ),
)
