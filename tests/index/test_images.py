"""The index over images: decoded once for all metrics, broken files aside, metrics that need metrics."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from activeloop.data import image_folder, pixels
from activeloop.data.decoding import Decoded, decode_file
from activeloop.index import Index
from activeloop.metrics import Metric


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    folder = tmp_path / "photos"
    folder.mkdir()
    for at in range(6):
        Image.fromarray(random.integers(0, 255, (24, 24, 3)).astype(np.uint8)).save(folder / f"{at}.png")
    (folder / "copy.png").write_bytes((folder / "2.png").read_bytes())
    (folder / "broken.png").write_bytes(b"no image")
    return folder


def test_an_image_is_decoded_once_for_all_pixel_metrics(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    decode = decode_file

    def counted(path: str) -> Decoded:
        seen.append(Path(path).name)
        return decode(path)

    monkeypatch.setattr(pixels, "decode_file", counted)
    index = Index(image_folder(photos, size=None, check=False))
    index.compute(["brightness", "redness", "blur", "gray_entropy", "near_duplicate", "exact_duplicate"])
    whole = [name for name in seen if name != "broken.png"]
    assert sorted(whole) == sorted(set(whole))
    assert len(whole) == 7
    assert index.column("exact_duplicate")[index.ids == "copy.png"].tolist() == [1.0]


def test_a_metric_brings_those_that_it_needs(photos: Path) -> None:
    index = Index(image_folder(photos, size=None, check=False))
    index.compute(["near_duplicate"])
    assert list(index.metrics) == ["perceptual_hash", "near_duplicate"]


def test_a_broken_image_has_a_reason_in_every_metric(photos: Path) -> None:
    index = Index(image_folder(photos, size=None, check=False))
    done = index.compute()
    at = int(np.flatnonzero(index.ids == "broken.png")[0])
    for name in ("brightness", "width", "perceptual_hash"):
        values, reasons = index.values(name)
        assert np.isnan(values).sum() == 1
        assert reasons[at].startswith("failed: DataError: image")
    assert index.values("uniqueness").reasons == {at: "no_embedding"}
    assert index.values("near_duplicate").reasons == {at: "no_hash"}
    assert index.column("uniqueness")[index.ids == "copy.png"].tolist() == [0.0]
    assert done.failed > 10


def test_a_metric_of_ones_own_may_need_the_values_of_another() -> None:
    from activeloop.data import Dataset

    twice = Metric(lambda words: 2 * words, "twice", "data", needs=("text_words",))
    index = Index(Dataset(["one", "one two"]))
    index.compute([twice])
    assert index.column("twice").tolist() == [2, 4]


def test_images_of_plain_numbers_are_computed_again_on_another_scale(tmp_path: Path) -> None:
    from activeloop.data import Dataset

    dark = [np.full((4, 4), 8.0), np.full((4, 4), 4.0)]
    first = Index(Dataset(dark), tmp_path / "i")
    first.compute(["brightness"])
    again = Index(Dataset([*dark, np.full((4, 4), 200.0)]), tmp_path / "i")
    assert again.compute(["brightness"]).computed == 3
    assert again.column("brightness")[0] < first.column("brightness")[0]


def test_the_embedding_of_images_is_not_made_when_nothing_has_changed(photos: Path, tmp_path: Path) -> None:
    (photos / "broken.png").unlink()
    Index(image_folder(photos, size=None), tmp_path / "i").compute(["uniqueness"])
    data = image_folder(photos, size=None)
    index = Index(data, tmp_path / "i")
    assert index.compute(["uniqueness"]).computed == 0
    from activeloop.data.looks import _KEPT

    assert data not in _KEPT
