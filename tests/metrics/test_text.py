"""Texts in numbers: by hand, in many scripts, and for texts with nothing to count."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activeloop.arrays import FloatArray
from activeloop.data import Dataset
from activeloop.errors import DataError
from activeloop.metrics import Metric, Table
from activeloop.metrics.shingles import normal
from activeloop.metrics.text import (
    lix,
    non_letter_share,
    out_of_vocabulary_share,
    reading_ease,
    text_characters,
    text_sentences,
    text_words,
    type_token_ratio,
)
from activeloop.metrics.text_copies import text_similarity
from activeloop.metrics.words import words

PER_TEXT = (
    text_characters,
    text_words,
    text_sentences,
    type_token_ratio,
    non_letter_share,
    reading_ease,
    lix,
)


def table(texts: list[str], ids: Any = None) -> Table:
    return Table({"text": np.array(texts, dtype=object), "id": np.arange(len(texts)) if ids is None else ids})


def similarity(texts: list[str]) -> FloatArray:
    return text_similarity.over(table(texts)).values


@pytest.mark.parametrize(
    ("text", "characters", "n_words", "n_sentences"),
    [
        ("", 0, 0, 0),
        ("   ", 3, 0, 0),
        ("...!?", 5, 0, 0),
        ("One. Two? Three!", 16, 3, 3),
        ("It costs 3.14, or 1,000. OK", 27, 6, 2),
        ("don’t stop-start e.g. now", 25, 4, 2),
        ("Title\n\nText goes on\nhere.", 25, 5, 2),
        ("天地玄黃。宇宙洪荒。", 10, 8, 2),
        ("東京タワーはABCです", 11, 9, 1),
        ("สวัสดี", 4, 4, 1),
        ("नमस्ते दुनिया। ठीक", 12, 3, 2),
        ("مَرْحَبًا بالعالم؟ نعم", 18, 3, 2),
        ("שלום עולם", 9, 2, 1),
        ("한국어 문장", 6, 2, 1),
        ("cafe\u0301 café", 9, 2, 1),
        ("👩‍👩‍👧 👍🏽 🇫🇷🇩🇪 ❤️", 8, 0, 0),
        ("a\r\nb", 3, 2, 1),
        ("\u0301", 1, 0, 0),
        ("\x00\ud800", 2, 0, 0),
    ],
)
def test_lengths_in_many_scripts(text: str, characters: int, n_words: int, n_sentences: int) -> None:
    assert text_characters(text) == characters
    assert text_words(text) == n_words
    assert text_sentences(text) == n_sentences


@given(text=st.text())
@settings(deadline=None)
def test_any_text_has_values_in_range_or_none(text: str) -> None:
    for metric in PER_TEXT:
        value, reason = metric.one(text)
        assert not reason.startswith("failed"), (metric.name, reason)
        low, high = metric.range
        assert not value < (-np.inf if low is None else low)
        assert not value > (np.inf if high is None else high)
    assert text_words(text) <= text_characters(text) <= len(text)


def test_words_are_folded_and_composed() -> None:
    assert words("CAFÉ Cafe\u0301 STRASSE Straße İ") == ["café", "café", "strasse", "strasse", "i̇"]
    assert words("a_b x@y.org 10:30 co-operate -x- 'quoted'") == [
        "a_b", "x", "y.org", "10:30", "co-operate", "x", "quoted",
    ]  # fmt: skip


def test_shares_by_hand() -> None:
    assert type_token_ratio("The cat and the dog") == 0.8
    assert type_token_ratio("人人") == 0.5
    assert type_token_ratio("!?") is None
    assert non_letter_share("ab 1!") == 0.5
    assert non_letter_share("مَرْ") == 0
    assert non_letter_share("हिन्दी") == 0
    assert non_letter_share("👍") == 1
    assert non_letter_share(" \n") is None


def test_words_that_no_other_item_has_are_out_of_vocabulary() -> None:
    texts = ["red car", "Red bus", "RED bus rare rare", "", "red car"]
    assert out_of_vocabulary_share.over(table(texts)).values == pytest.approx(
        [0, 0, 0.5, np.nan, 0], nan_ok=True
    )
    reference = out_of_vocabulary_share.fitted(table(texts[:2]))
    new = table(["red plane", "red car", "red car"], np.array([0, 0, 9]))
    assert out_of_vocabulary_share.over(new, reference).values.tolist() == [0.5, 0.5, 0]


def test_an_empty_reference_knows_no_word() -> None:
    reference = out_of_vocabulary_share.fitted(table([]))
    assert out_of_vocabulary_share.over(table(["a b"]), reference).values.tolist() == [1]


def test_readability_by_hand() -> None:
    # 13 words, 1 sentence, 24 syllables: the example of Flesch's formula on the Australian platypus
    text = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."
    assert reading_ease(text) == pytest.approx(206.835 - 1.015 * 13 - 84.6 * 24 / 13, abs=7)
    assert reading_ease("The cat sat. The dog ran.") == pytest.approx(206.835 - 1.015 * 3 - 84.6)
    assert reading_ease("Make the table.") == pytest.approx(206.835 - 1.015 * 3 - 84.6 * 4 / 3)
    for none in ("", "?!", "Это русский текст.", "天地玄黃", "مرحبا بالعالم"):
        assert reading_ease(none) is None
    assert lix("Ein Kraftfahrzeug fährt. Es ist langsam.") == pytest.approx(6 / 2 + 100 * 2 / 6)
    assert lix("Это короткий текст.") == pytest.approx(3 + 100 / 3)
    for none in ("", "...", "天地玄黃", "สวัสดี"):
        assert lix(none) is None


def test_similarity_by_hand() -> None:
    assert similarity(["abcdefgh", "abcdefgx", "abcdefgh", "zzz", "", "  "]) == pytest.approx(
        [1, 0, 1, 0, np.nan, np.nan], nan_ok=True
    )
    assert text_similarity.over(table(["", "a"])).reasons == {0: "empty"}
    one, other = "the quick brown fox jumps over the lazy dog", "the quick brown fox jumps over the lazy cat"
    assert similarity([one, other, "x"]) == pytest.approx([36 / 42, 36 / 42, 0])
    assert similarity(["Same  text", "same text\n"]).tolist() == [1, 1]
    assert similarity(["天地玄黃宇宙洪荒日月盈昃", "天地玄黃宇宙洪荒日月盈x", "مرحبا"]) == pytest.approx(
        [7 / 9, 7 / 9, 0]
    )
    assert similarity(["only one"]).tolist() == [0]


def test_similarity_equals_all_pairs() -> None:
    random = np.random.default_rng(0)
    base = ["".join(random.choice(list("abcdefghij"), 60)) for _ in range(40)]
    texts = list(base)
    for text in base:
        for changes in (1, 2, 4):
            letters = list(text)
            for at in random.integers(0, 60, changes):
                letters[at] = "z"
            texts.append("".join(letters))
    best = np.zeros(len(texts))
    sets = [{text[at : at + 5] for at in range(56)} for text in map(normal, texts)]
    for a, b in itertools.combinations(range(len(texts)), 2):
        jaccard = len(sets[a] & sets[b]) / len(sets[a] | sets[b])
        best[[a, b]] = np.maximum(best[[a, b]], jaccard)
    assert similarity(texts) == pytest.approx(np.where(best >= 0.7, best, 0))
    assert 40 < np.count_nonzero(best >= 0.7) < len(texts)


def test_similarity_does_not_hang_on_order_and_crowds_stay_quick() -> None:
    texts = [
        f"Dear customer {one}, your order {one * 7919 % 10000} has been shipped today and will arrive soon."
        for one in range(600)
    ]
    order = np.random.default_rng(1).permutation(len(texts))
    found = similarity(texts)
    assert found.min() > 0.7
    assert (similarity([texts[at] for at in order]) == found[order]).all()


def test_new_texts_are_compared_with_the_reference_alone() -> None:
    reference = text_similarity.fitted(table(["a common text", "another one"]))
    new = table(["a common text", "A common text", "not seen", "not seen"], np.array([0, 7, 8, 9]))
    assert text_similarity.over(new, reference).values.tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize("metric", [*PER_TEXT, out_of_vocabulary_share, text_similarity])
def test_metrics_of_texts_are_of_texts_only(metric: Metric) -> None:
    assert len(metric.over(Dataset(["a text", "b"])).values) == 2
    with pytest.raises(DataError, match="column 'text'"):
        metric.over(Dataset(np.eye(2)))
