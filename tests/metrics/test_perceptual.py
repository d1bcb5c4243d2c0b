"""Images that look alike: copies are found, plain and different images are not, and none is its own copy."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from activeloop.arrays import Array
from activeloop.data import Dataset
from activeloop.errors import ConfigurationError
from activeloop.metrics import Table, hamming
from activeloop.metrics.perceptual import RADIUS, exact_duplicate, near_duplicate, perceptual_hash, pixel_hash


def scene(seed: int, side: int = 200) -> Image.Image:
    random = np.random.default_rng(seed)
    cells = Image.fromarray(random.integers(0, 256, (6, 6, 3), dtype=np.uint8))
    image = cells.resize((side, side), Image.Resampling.BICUBIC)
    for _ in range(5):
        x, y, size = random.integers(0, side, 3).tolist()
        ImageDraw.Draw(image).ellipse(
            (x, y, x + size, y + size), fill=tuple(random.integers(0, 256, 3).tolist())
        )
    return image


def hashed(image: Image.Image) -> int | None:
    pixels = np.asarray(image.convert("RGB"))
    value: int | None = perceptual_hash(pixels, np.ones(pixels.shape[:2], dtype=bool))
    return value


def compressed(image: Image.Image) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=50)
    return Image.open(file)


COPIES = {
    "compressed": compressed,
    "half as large": lambda one: one.resize((100, 100), Image.Resampling.BILINEAR),
    "another format": lambda one: one.resize((317, 317)),
    "brighter": lambda one: one.point(lambda level: level * 0.8 + 20),
    "gray": lambda one: one.convert("L"),
    "a little blurred": lambda one: one.filter(ImageFilter.GaussianBlur(1)),
}


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_a_copy_is_within_the_radius(copied: object) -> None:
    assert callable(copied)
    for seed in range(10):
        image = scene(seed)
        one, other = hashed(image), hashed(copied(image))
        assert one is not None
        assert other is not None
        assert (one ^ other).bit_count() <= RADIUS


def test_different_images_are_far_apart() -> None:
    hashes = np.array([hashed(scene(seed)) for seed in range(100)], dtype=float)
    assert len(hamming.pairs(hashes, 2 * RADIUS, 48).first) == 0
    assert (
        18
        < np.mean([hamming.popcount(hamming.as_keys(hashes) ^ np.uint64(one)).mean() for one in hashes])
        < 30
    )


def test_plain_images_are_no_copies_of_each_other() -> None:
    plain = [Image.new("RGB", size, level) for size, level in (((50, 50), "black"), ((90, 40), "white"))]
    clear = Image.new("RGBA", (30, 30), (10, 10, 10, 0))
    grain = Image.fromarray(np.random.default_rng(0).integers(99, 101, (64, 64, 3), dtype=np.uint8))
    assert [hashed(one) for one in (*plain, clear, grain)] == [None] * 4


def test_the_mask_hides_the_background() -> None:
    pixels, other = np.asarray(scene(0)), np.asarray(scene(1))
    mask = np.zeros((200, 200), dtype=bool)
    mask[40:150, 30:170] = True
    pasted = np.where(mask[:, :, None], pixels, other)
    assert perceptual_hash(pixels, mask) == perceptual_hash(pasted, mask) is not None
    assert pixel_hash(pixels, mask) == pixel_hash(pasted, mask) != pixel_hash(pixels, mask | True)


def test_images_of_a_data_set() -> None:
    images = [
        scene(0),
        compressed(scene(0)),
        scene(1),
        Image.new("RGB", (9, 9)),
        Image.new("RGB", (9, 9)),
        scene(0),
    ]
    data = Dataset([[0]] * 6, ids=list("abcdef"), items=[np.asarray(one) for one in images])
    near, exact = near_duplicate.over(data), exact_duplicate.over(data)
    assert near.values[:3].tolist() == [2, 2, 0]
    assert near.reasons == {3: "no_hash", 4: "no_hash"}
    assert exact.values.tolist() == [1, 0, 0, 1, 1, 1]
    assert near_duplicate.with_parameters(radius=0).over(data).values[2] == 0
    with pytest.raises(ConfigurationError, match="radius=49"):
        near_duplicate.with_parameters(radius=49).over(data)


FAR = float(0xFFFF << 30)


def _table(ids: str, hashes: list[float]) -> Table:
    return Table(
        {"id": np.array(list(ids)), "perceptual_hash": np.array(hashes), "pixel_hash": np.array(hashes)}
    )


def test_a_reference_set_finds_what_leaked_and_never_the_item_itself() -> None:
    train = _table("abc", [0, 1, FAR])
    fitted = near_duplicate.fitted(train)
    seen = near_duplicate.over(_table("axyz", [0, 0, FAR, 0xFFFFFFFF]), fitted)
    assert seen.values.tolist() == [1, 2, 1, 0]
    # an item whose image was replaced since has nobody to leave out
    assert near_duplicate.over(_table("a", [FAR]), fitted).values.tolist() == [1]
    assert exact_duplicate.over(train).values.tolist() == [0, 0, 0]


def test_the_very_pixels_with_their_shape() -> None:
    def of(pixels: Array) -> int | None:
        value: int | None = pixel_hash(pixels, np.ones(pixels.shape[:2], dtype=bool))
        return value

    solid = np.full((10, 20, 3), 9, dtype=np.uint8)
    assert of(solid) == of(solid.copy()) != of(solid.reshape(20, 10, 3))  # a peer takes these for one
    random = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    seen = {of(random)}
    for at in np.ndindex(random.shape):
        changed = random.copy()
        changed[at] ^= 1
        seen.add(of(changed))
    assert len(seen) == 193
    assert all(one is not None and one < 2**52 and float(one) == one for one in seen)
