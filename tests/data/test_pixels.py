"""Images as columns: files of every mode, arrays of every kind, broken files, one image in memory."""

import pickle
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from activeloop.arrays import Array
from activeloop.data import Dataset, image_folder, load
from activeloop.data.decoding import decode_array, decode_file, file_dimensions, white_level
from activeloop.data.pixels import Cells
from activeloop.errors import DataError
from activeloop.metrics import Table, built_in

GRAY = np.full((4, 6), 128, dtype=np.uint8)


def saved(image: Image.Image, path: Path, **options: Any) -> str:
    image.save(path, **options)
    return str(path)


def dataset(*files: str) -> Dataset:
    return Dataset(np.array(files, dtype=object))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16", "F"])
def test_every_mode_becomes_rgb(mode: str, tmp_path: Path) -> None:
    image = Image.fromarray(GRAY)
    suffix = {"CMYK": "jpg", "F": "tiff"}.get(mode, "png")
    if mode == "I;16":
        image = Image.fromarray(GRAY.astype(np.uint16) << 8)
    elif mode == "F":
        image = Image.fromarray(GRAY.astype(np.float32) / 255)
    else:
        image = image.convert(mode)
    pixels, mask = decode_file(saved(image, tmp_path / f"a.{suffix}"))
    assert pixels.shape == (4, 6, 3)
    assert pixels.dtype == np.uint8
    assert mask.shape == (4, 6)
    assert mask.all()
    if mode != "1":  # which is dithered
        assert np.abs(pixels.astype(int) - 128).max() <= 1
    assert not pixels.flags.writeable
    assert not mask.flags.writeable


def test_colors_keep_their_order(tmp_path: Path) -> None:
    pixels, _ = decode_file(saved(Image.new("RGB", (2, 1), (10, 20, 30)), tmp_path / "a.png"))
    assert pixels[0, 0].tolist() == [10, 20, 30]
    palette = Image.new("RGB", (2, 1), (204, 0, 0)).convert("P")
    assert decode_file(saved(palette, tmp_path / "p.png")).pixels[0, 1].tolist() == [204, 0, 0]


def test_see_through_pixels_are_outside_of_the_mask(tmp_path: Path) -> None:
    image = np.zeros((1, 4, 4), dtype=np.uint8)
    image[0, :, 3] = [0, 127, 128, 255]
    assert decode_file(saved(Image.fromarray(image), tmp_path / "a.png")).mask.tolist() == [
        [False, False, True, True]
    ]
    assert decode_array(image, 1.0).mask.tolist() == [[False, False, True, True]]
    dots = Image.fromarray(np.array([[0, 1]], dtype=np.uint8), mode=None).convert("P")
    file = saved(dots, tmp_path / "p.gif", transparency=0)
    assert decode_file(file).mask.tolist() == [[False, True]]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation(orientation: int, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = saved(Image.new("L", (4, 2)), tmp_path / "a.jpg", exif=exif)
    height, width = decode_file(file).mask.shape
    assert file_dimensions(file) == (width, height) == ((2, 4) if orientation >= 5 else (4, 2))


def test_a_photograph_is_upright_in_pixels_dimensions_and_metadata(tmp_path: Path) -> None:
    image = Image.new("L", (4, 2), 0)
    image.putpixel((0, 0), 255)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right by 90 degrees
    for name in ("turned.png", "turned.jpg"):
        file = saved(image, tmp_path / name, exif=exif)
        pixels, mask = decode_file(file)
        assert pixels.shape == (4, 2, 3)
        assert mask.shape == (4, 2)
        assert file_dimensions(file) == (2, 4)
    assert decode_file(str(tmp_path / "turned.png")).pixels[0, 1].tolist() == [255, 255, 255]
    data = image_folder(tmp_path, size=None)
    for name in ("width", "height"):
        assert built_in()[name].over(data).values.tolist() == data.column(name).tolist()


def test_dimensions_come_from_the_header_alone(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 32), dtype=np.uint8)
    for name in ("a.png", "a.jpg"):
        file = Path(saved(Image.fromarray(noise), tmp_path / name))
        file.write_bytes(file.read_bytes()[:1000])
        assert dataset(str(file)).column("dimensions")[0] == (32, 64)
        with pytest.raises(DataError, match="cannot be read"):
            decode_file(file)


def test_a_broken_file_fails_alone_and_says_its_name(tmp_path: Path) -> None:
    good = saved(Image.fromarray(GRAY), tmp_path / "good.png")
    (tmp_path / "bad.png").write_bytes(b"no image")
    data = dataset(good, str(tmp_path / "bad.png"), str(tmp_path / "absent.png"), good)
    for metric in ("brightness", "area"):
        values, reasons = built_in()[metric].over(data)
        assert np.isnan(values).tolist() == [False, True, True, False]
        assert sorted(reasons) == [1, 2]
        assert reasons[1].startswith(f"failed: DataError: image '{tmp_path / 'bad.png'}' cannot be read (")
    hashed = data.column("pixel_hash")
    assert np.isnan(hashed).tolist() == [False, True, True, False]
    assert built_in()["exact_duplicate"].over(data).reasons == {1: "no_hash", 2: "no_hash"}


def test_a_file_is_decoded_once_for_pixels_and_mask_and_again_when_it_changes(tmp_path: Path) -> None:
    file = saved(Image.fromarray(GRAY), tmp_path / "a.png")
    data = dataset(file)
    pixels, again = data.column("pixels"), data.column("pixels")
    first = pixels[0]
    assert again[0] is first
    assert data.column("mask")[0] is data.column("mask")[0]
    saved(Image.fromarray(GRAY[:3] * 0), tmp_path / "a.png")
    assert pixels[0].shape == (3, 6, 3)
    assert data.column("dimensions")[0] == (6, 3)


def test_one_image_is_in_memory_at_a_time(tmp_path: Path) -> None:
    files = [saved(Image.fromarray(GRAY), tmp_path / f"{at}.png") for at in range(2)]
    pixels = dataset(*files).column("pixels")
    first = weakref.ref(pixels[0])
    assert first() is not None
    pixels[1]
    assert first() is None
    second = weakref.ref(pixels[1])
    Path(files[0]).write_bytes(b"no image")
    with pytest.raises(DataError):
        pixels[0]
    assert second() is None


def test_columns_may_cross_threads_and_processes(tmp_path: Path) -> None:
    files = [saved(Image.fromarray(GRAY * 0 + at), tmp_path / f"{at}.png") for at in range(20)]
    pixels = pickle.loads(pickle.dumps(dataset(*files).column("pixels")))
    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(lambda at: int(pixels[at].mean()), [*range(20)] * 5))
    assert seen == [*range(20)] * 5


def test_a_column_is_a_sequence_of_its_rows() -> None:
    column = Cells(lambda row: row * 10, np.array([3, 1, 2]))
    assert (len(column), column.shape, list(column), column[-1]) == (3, (3,), [30, 10, 20], 20)
    assert list(column[1:]) == [10, 20]
    assert list(column[np.array([2, 0])]) == [20, 30]
    with pytest.raises(IndexError):
        column[3]
    data = Dataset(np.arange(24, dtype=np.uint8).reshape(6, 2, 2))
    assert data.column("pixels", np.array([5, 0]))[0][0, 0].tolist() == [20] * 3


@pytest.mark.parametrize(
    ("item", "value"),
    [
        (np.full((2, 2), 51, dtype=np.uint8), 51),
        (np.full((2, 2, 1), 51, dtype=np.uint8), 51),
        (np.full((2, 2, 3), 51, dtype=np.uint8), 51),
        (np.full((2, 2), 51 << 8, dtype=np.uint16), 51),
        (np.full((2, 2), 0.2, dtype=np.float32), 51),
        (np.full((2, 2), 3, dtype=np.int64), 3),
        (np.ones((2, 2), dtype=bool), 255),
    ],
)
def test_arrays_of_every_kind(item: Array, value: int) -> None:
    white = np.full_like(item, 255) if item.dtype == np.int64 else item  # the data set has a white item
    data = Dataset(features=[[0], [1]], items=[item, white])
    assert data.column("pixels")[0].tolist() == np.full((2, 2, 3), value).tolist()
    assert data.column("mask")[0].all()
    assert data.column("dimensions")[0] == (2, 2)


def test_one_white_for_the_whole_data_set() -> None:
    digits = load("digits")
    brightness = built_in()["brightness"].over(digits).values
    assert np.abs(brightness - digits.column("ink")).max() < 0.5 / 255
    darkest = int(np.argmin([item.max() for item in digits.items]))
    assert digits.items[darkest].max() < 16
    assert (digits.column("pixels", np.array([darkest]))[0] == digits.column("pixels")[darkest]).all()
    one_is_not_finite = Dataset(np.array([[[np.nan]], [[200.0]]]))
    assert one_is_not_finite.column("pixels")[1].tolist() == [[[200] * 3]]
    assert [white_level(one) for one in (0.0, 1.0, 1.5, 2, 3, 200, 256, 257)] == [
        1,
        1,
        2,
        2,
        3,
        255,
        256,
        511,
    ]


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (np.array([[-1.0]]), "-1.0 to -1.0; allowed: 0 to 1"),
        (np.array([[np.nan]]), "nan to nan; allowed: 0 to 1"),
        (np.array([[2.0]]), "2.0 to 2.0; allowed: 0 to 1"),
        (np.zeros((2, 2, 2)), r"float64 of shape \(2, 2, 2\); allowed: a \(H, W\)"),
        (None, "NoneType; allowed"),
    ],
)
def test_what_is_no_image_is_refused(item: Any, told: str) -> None:
    with pytest.raises(DataError, match=told):
        decode_array(item, 1.0)


@pytest.mark.parametrize(
    "data",
    [
        Dataset(np.zeros((3, 4))),
        Dataset(["a text.", "another.png"]),
        Dataset(np.zeros((3, 4, 5, 2))),
        Dataset([["a", "b"], ["c"]]),
    ],
)
def test_other_items_have_no_pixels(data: Dataset) -> None:
    for name in ("pixels", "mask", "dimensions", "perceptual_hash"):
        with pytest.raises(DataError, match=f"unknown column '{name}'"):
            data.column(name)


def test_columns_of_ones_own_come_first() -> None:
    data = Dataset(np.zeros((2, 1, 2), dtype=np.uint8), metadata={"mask": ["a.png", "b.png"]})
    assert data.column("mask").tolist() == ["a.png", "b.png"]
    assert built_in()["brightness"].over(data).reasons[0] == (
        "failed: DataError: mask are str; allowed: an array of bool"
    )


def test_a_table_keeps_a_lazy_column_lazy() -> None:
    seen: list[int] = []

    def read(row: int) -> int:
        seen.append(row)
        return row

    table = Table({"pixels": Cells(read, np.arange(3))})
    assert seen == []
    assert table.column("pixels")[2] == 2
    assert seen == [2]
