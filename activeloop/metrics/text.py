"""A text in numbers: how long, how varied, how unusual, how hard to read."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

import numpy as np

from activeloop.arrays import Array
from activeloop.metrics.metric import metric
from activeloop.metrics.words import composed, count_characters, is_unspaced, sentences, shape
from activeloop.metrics.words import words as words_of

_VOWELS = re.compile("[aeiouy]+")
_SILENT = re.compile("(?:[^laeiouy]e|[^laeiouytd]ed|[^aeiouysxz]es)$")
_LONG = 6


@metric("data", needs="text", direction="high", range=(0.0, None), unit="characters")
def text_characters(text: str) -> int:
    """Count the characters that a reader sees: a letter with its marks, a joined emoji, a flag are one each.

    Extended grapheme clusters, as `metrics.words.count_characters` says. Source: Unicode Standard Annex 29.

    >>> text_characters("naïve 👩‍👩‍👧")
    7
    """
    return count_characters(text)


@metric("data", needs="text", direction="high", range=(0.0, None), unit="words")
def text_words(text: str) -> int:
    """Count the words; in scripts without spaces between words (Han, kana, Thai, ...) each letter is one.

    As `metrics.words.words` says, and as word processors count.

    >>> text_words("It's a state-of-the-art 3.5 l engine!")
    6
    """
    return len(words_of(text))


@metric("data", needs="text", direction="high", range=(0.0, None), unit="sentences")
def text_sentences(text: str) -> int:
    """Count the sentences that hold a word; they end in a full stop of their script or at an empty line.

    As `metrics.words.sentences` says; a point after an abbreviation is taken for the end of one.

    >>> text_sentences("Is it 3.5? Yes! ...")
    2
    """
    return len(sentences(text))


@metric("data", needs="text", direction="low", range=(0.0, 1.0))
def type_token_ratio(text: str) -> float | None:
    """Compute distinct words over words; low = repeats itself. NULL without words.

    It falls with length, so compare texts of similar length. Source: Templin 1957, "Certain language skills".

    >>> type_token_ratio("the cat and the dog")
    0.8
    """
    found = words_of(text)
    return len(set(found)) / len(found) if found else None


@metric("data", needs="text", direction="high", range=(0.0, 1.0))
def non_letter_share(text: str) -> float | None:
    """Compute the share of characters, spaces aside, that are no letters or their marks; NULL without any.

    >>> non_letter_share("a1 b2!")
    0.6
    """
    seen = shape(composed(text))
    counts = Counter(seen)
    letters = counts["L"] + counts["U"] + len(re.findall("(?<=[LUM])M", seen))
    there = len(seen) - sum(counts[space] for space in "SRN")
    return (there - letters) / there if there else None


class Vocabulary(NamedTuple):
    """In how many reference texts each word is, and the reference texts by id."""

    texts_with: Counter[str]
    texts: dict[object, str]


def vocabulary(texts: Array, ids: Array) -> Vocabulary:
    """Count in how many of the texts each word is."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(words_of(text)))
    return Vocabulary(counts, dict(zip(ids.tolist(), texts, strict=True)))


@metric("data", needs=("text", "id"), direction="high", range=(0.0, 1.0), fit=vocabulary)
def out_of_vocabulary_share(known: Vocabulary, text: str, id: object) -> float | None:
    """Compute the share of a text's words that are in no other text of the reference; NULL without words.

    A reference text with the same id and the same words is the text itself: so in a set of its own, the words
    count that no other item has. Each occurrence counts.

    >>> texts, ids = np.array(["red car", "red bus"], dtype=object), np.array([1, 2])
    >>> fitted = out_of_vocabulary_share.fit(texts, ids)
    >>> out_of_vocabulary_share(fitted, "red car", 1), out_of_vocabulary_share(fitted, "red car", 3)
    (0.5, 0.0)
    """
    found = words_of(text)
    own = 1 if known.texts.get(_plain(id)) == text else 0
    return sum(known.texts_with[word] <= own for word in found) / len(found) if found else None


@metric("data", needs="text", direction="low", unit="points")
def reading_ease(text: str) -> float | None:
    """Compute 206.835 − 1.015 words/sentence − 84.6 syllables/word: Flesch reading ease, English; low = hard.

    Syllables are groups of vowels without a silent e, so a value is good to some points. It says nothing of
    other languages: NULL without words, or where most letters are not Latin. Source: Flesch 1948, "A new
    readability yardstick".

    >>> round(reading_ease("The cat sat on the mat."), 3)
    116.145
    """
    found = words_of(text)
    if not found or not _is_latin(text):
        return None
    syllables = sum(map(_syllables, found))
    return 206.835 - 1.015 * len(found) / len(sentences(text)) - 84.6 * syllables / len(found)


@metric("data", needs="text", direction="high", range=(0.0, None), unit="points")
def lix(text: str) -> float | None:
    """Compute LIX, words/sentence + 100 · share of words of more than 6 letters; high = hard.

    For any language with spaces between words: NULL without words, or where most are letters of a script
    without spaces. Below 30 very easy, above 60 very hard. Source: Björnsson 1968, "Läsbarhet".

    >>> lix("A readable text. Understandably short.")
    42.5
    """
    found = words_of(text)
    if not found or 2 * sum(map(is_unspaced, found)) > len(found):
        return None
    long = sum(len(word) > _LONG and shape(word).count("L") > _LONG for word in found)
    return len(found) / len(sentences(text)) + 100 * long / len(found)


def _syllables(word: str) -> int:
    return max(1, len(_VOWELS.findall(word)) - (_SILENT.search(word) is not None))


def _is_latin(text: str) -> bool:
    letters = [char for char in composed(text) if char.isalpha()]
    return 2 * sum(char < "\u0250" for char in letters) >= len(letters)


def _plain(id: object) -> object:
    return id.item() if isinstance(id, np.generic) else id
