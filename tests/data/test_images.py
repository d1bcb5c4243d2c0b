"""A folder of images: classes by subfolder, pixels, files that are broken."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from activeloop.data import default_model, image_folder, load
from activeloop.errors import DataError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, value in {"cat/1.png": 0, "cat/2.png": 51, "dog/deep/3.png": 255}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 4), (value, value, value)).save(tmp_path / name)
    (tmp_path / "cat" / "notes.txt").write_text("no image")
    (tmp_path / "cat" / ".hidden.png").write_text("no image")
    return tmp_path


def test_a_folder_gives_ids_classes_pixels_and_files(folder: Path) -> None:
    data = load(folder, size=(4, 2))
    assert data.ids.tolist() == ["cat/1.png", "cat/2.png", "dog/deep/3.png"]
    assert data.column("label").tolist() == ["cat", "cat", "dog"]
    assert data.features.shape == (3, 8)
    assert data.features.dtype == np.float32
    assert data.features[:, 0].tolist() == [0, np.float32(0.2), 1]
    assert data.item(2) == str(folder / "dog" / "deep" / "3.png")
    assert (data.column("width").tolist(), data.column("height").tolist()) == ([8] * 3, [4] * 3)
    assert data.name == folder.name
    model = default_model(data).fit(data.features, data.labels)
    assert model.predict(data.features).tolist() == ["cat", "cat", "dog"]


def test_color_and_paths_only(folder: Path) -> None:
    assert image_folder(folder, size=2, color=True).features.shape == (3, 12)
    lazy = image_folder(folder, size=None)
    assert lazy.kind == "objects"
    assert lazy.rows(np.array([1]))[0] == folder / "cat" / "2.png"


def test_no_classes_when_none_are_wanted_or_there_is_no_subfolder(folder: Path) -> None:
    assert image_folder(folder, classes_from=None).labels is None
    assert image_folder(folder / "cat").labels is None
    Image.new("L", (4, 4)).save(folder / "loose.png")
    assert image_folder(folder).known.tolist() == [True, True, True, False]


def test_every_mode_of_pixels_is_read_alike(tmp_path: Path) -> None:
    gray = Image.new("L", (4, 4), 128)
    gray.save(tmp_path / "gray.png")
    gray.convert("RGBA").save(tmp_path / "alpha.png")
    gray.convert("P").save(tmp_path / "palette.gif", transparency=3)
    gray.convert("1").convert("CMYK").save(tmp_path / "print.jpg")
    Image.fromarray(np.full((4, 4), 128 << 8, dtype=np.uint16)).save(tmp_path / "deep.png")
    data = image_folder(tmp_path, size=4)
    values = dict(zip(data.ids.tolist(), data.features.mean(axis=1).tolist(), strict=True))
    for name in ("gray.png", "alpha.png", "palette.gif", "deep.png"):
        assert values[name] == pytest.approx(128 / 255, abs=0.01), name


def test_a_photograph_is_turned_upright(tmp_path: Path) -> None:
    image = Image.new("L", (4, 2), 0)
    image.putpixel((0, 0), 255)
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side: turn right by 90 degrees
    image.save(tmp_path / "turned.png", exif=exif)
    pixels = image_folder(tmp_path, size=(2, 4)).features.reshape(4, 2)
    assert pixels[0, 1] == 1


@pytest.mark.parametrize("size", [None, 4])
def test_a_corrupt_file_is_named_or_left_out(folder: Path, size: int | None) -> None:
    (folder / "cat" / "1.png").write_bytes(b"no image")
    with pytest.raises(DataError, match=r"image 'cat/1.png' cannot be read .*skip_corrupt=True"):
        image_folder(folder, size=size)
    data = image_folder(folder, size=size, skip_corrupt=True)
    assert data.ids.tolist() == ["cat/2.png", "dog/deep/3.png"]
    assert data.skipped[0].startswith("cat/1.png: ")


def test_a_truncated_file_leaves_no_trace(folder: Path) -> None:
    file = folder / "cat" / "2.png"
    noise = np.random.default_rng(0).integers(0, 255, (64, 64), dtype=np.uint8)
    Image.fromarray(noise).save(file)
    file.write_bytes(file.read_bytes()[:2000])
    data = image_folder(folder, size=4, skip_corrupt=True)
    assert data.ids.tolist() == ["cat/1.png", "dog/deep/3.png"]
    assert data.column("width").tolist() == [8, 8]


def test_folders_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no folder"):
        image_folder(tmp_path / "absent")
    with pytest.raises(DataError, match="no image in"):
        image_folder(tmp_path)
    (tmp_path / "a.png").write_bytes(b"no image")
    with pytest.raises(DataError, match="none of the 1 images"):
        image_folder(tmp_path, skip_corrupt=True)
    with pytest.raises(DataError, match="size=0; allowed"):
        image_folder(tmp_path, size=0)
    with pytest.raises(DataError, match="classes_from='name'; allowed"):
        image_folder(tmp_path, classes_from="name")  # type: ignore[arg-type]
