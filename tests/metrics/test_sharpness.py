"""Sharpness and blur: by hand, against plain loops, and the same at every resolution."""

import numpy as np
import pytest
from PIL import Image, ImageFilter
from scipy import ndimage

from activeloop.arrays import Array
from activeloop.metrics.sharpness import blur, sharpness


def scene(side: int = 1024) -> Image.Image:
    """Give edges and texture that 128 pixels can hold."""
    random = np.random.default_rng(3)
    cells = random.integers(0, 256, (32, 32, 3), dtype=np.uint8)
    return Image.fromarray(cells).resize((side, side), Image.Resampling.BICUBIC)


def of(metric: object, image: Image.Image, **given: int) -> float:
    pixels = np.asarray(image)
    assert callable(metric)
    return float(metric(pixels, np.ones(pixels.shape[:2], dtype=bool), **given))


@pytest.mark.parametrize("metric", [sharpness, blur], ids=lambda one: one.name)
def test_resolution_does_not_change_the_value(metric: object) -> None:
    large = scene()
    value = of(metric, large)
    for side in (768, 512, 300, 256, 160, 128):
        smaller = large.resize((side, side), Image.Resampling.BICUBIC)
        assert of(metric, smaller) == pytest.approx(value, rel=0.08), side
    # the plain variance of the Laplacian, as peers have it, changes more than tenfold
    plain = [of(metric, large.resize((side, side), Image.Resampling.BOX), side=4096) for side in (1024, 128)]
    assert max(plain) > 1.5 * min(plain)


def test_a_blurred_image_is_less_sharp_and_more_blurred() -> None:
    steps = [scene(256).filter(ImageFilter.GaussianBlur(radius)) for radius in (0, 2, 4, 8)]
    sharp, blurred = [of(sharpness, one) for one in steps], [of(blur, one) for one in steps]
    assert sharp == sorted(sharp, reverse=True)
    assert blurred == sorted(blurred)
    assert sharp[0] > 10 * sharp[-1]
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (100, 100, 3), dtype=np.uint8))
    assert 0 <= of(blur, noise) < 0.2  # 1 − variance, as a peer has it, would be −10,000


def test_sharpness_is_the_variance_of_the_laplacian() -> None:
    levels = np.random.default_rng(0).integers(0, 256, (50, 60), dtype=np.uint8)
    laplacian = ndimage.laplace(levels.astype(float))[1:-1, 1:-1]
    assert of(sharpness, Image.fromarray(levels).convert("RGB")) == pytest.approx(laplacian.var())


def _blur_by_hand(levels: Array, mask: Array) -> float:
    found = []
    for image, inside in ((levels, mask), (levels.T, mask.T)):
        rows, columns = image.shape
        mean = np.zeros(image.shape)
        for i in range(rows):
            for j in range(columns):
                window = slice(max(0, i - 4), i + 5)
                kept = image[window, j][inside[window, j]]
                mean[i, j] = kept.mean() if len(kept) else 0
        both = inside[1:] & inside[:-1]
        before, after = np.abs(np.diff(image.astype(float), axis=0)), np.abs(np.diff(mean, axis=0))
        found.append(1 - np.maximum(before - after, 0)[both].sum() / before[both].sum())
    return float(max(found))


def test_blur_is_the_published_formula_within_the_mask() -> None:
    levels = np.random.default_rng(0).integers(0, 256, (20, 14), dtype=np.uint8)
    pixels = np.repeat(levels[:, :, None], 3, axis=2)
    for mask in (np.ones((20, 14), dtype=bool), np.random.default_rng(1).random((20, 14)) < 0.8):
        assert blur(pixels, mask) == pytest.approx(_blur_by_hand(levels, mask), abs=1e-5)


def test_the_edge_of_a_mask_is_no_edge_of_the_picture() -> None:
    pixels = np.zeros((400, 400, 3), dtype=np.uint8)
    pixels[100:300, 100:300] = 200
    mask = pixels[:, :, 0] > 0
    assert sharpness(pixels, mask) == 0
    assert blur(pixels, mask) is None


def test_too_thin_for_neighbors() -> None:
    line = np.random.default_rng(0).integers(0, 256, (1, 9, 3), dtype=np.uint8)
    assert sharpness(line, np.ones((1, 9), dtype=bool)) is None
    assert blur(line, np.ones((1, 9), dtype=bool)) is not None
    apart = np.zeros((9, 9), dtype=bool)
    apart[::2, ::2] = True
    square = line.repeat(9, axis=0)
    assert sharpness(square, apart) is None
    assert blur(square, apart) is None
