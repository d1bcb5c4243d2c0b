"""The characters, words and sentences of a text, in any script."""

from __future__ import annotations

import re
import unicodedata

# Scripts without spaces between words: Thai, Lao, Tibetan, Myanmar, Khmer, kana, Bopomofo, Han.
_UNSPACED = re.compile(
    "[\u0e01-\u0e5b\u0e81-\u0edf\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u3105-\u312f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U000323af]"
)
_SPECIAL = {  # what the general category of Unicode does not say
    **dict.fromkeys("\u0e33\u0eb3", "M"),  # vowels after their consonant, in Thai and Lao
    **dict.fromkeys(map(chr, range(0x1F3FB, 0x1F400)), "M"),  # tones of skin
    **dict.fromkeys(map(chr, range(0xE0020, 0xE0080)), "M"),  # tags of flags
    **dict.fromkeys(map(chr, range(0x1F1E6, 0x1F200)), "F"),  # halves of flags
    **dict.fromkeys("'’ʼ.·:_-\u2010\u2011\u00ad", "I"),  # inside a word they do not end it
    "\u200d": "J",
    "\u200c": "Z",
    ",": "C",
    "\r": "R",
    "\n": "N",
}
_WORD = re.compile(r"UM*|[LD]M*(?:(?:[IJZ]|(?<=D)C(?=D))?[LD]M*)*")
_CHARACTER = re.compile(r"RN|FF|.[MZ]*(?:J[^SRN][MZ]*)*J?")
_SENTENCE_END = re.compile(r"[。！？｡]+|[.!?…؟۔।॥։።᙮]+[\"'”’)\]»]*(?=\s|$)|\n[^\S\n]*\n")


class _Shapes(dict[int, str]):
    """The class of each character, looked up once: Letter, letter of an Unspaced script, Digit, Mark, ..."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = _SPECIAL.get(char) or {"L": "L", "N": "D", "M": "M"}.get(unicodedata.category(char)[0])
        if kind in ("L", "D") and _UNSPACED.match(char):
            kind = "U"
        self[code] = kind or ("S" if char.isspace() else "O")
        return self[code]


_SHAPES = _Shapes()


def shape(text: str) -> str:
    """Give the class of each character of a composed text: L, U letters, D digits, M marks, S, R, N space."""
    return text.translate(_SHAPES)


def composed(text: str) -> str:
    """Give a text in Unicode's composed form (NFC): é is one character, however it was written."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def words(text: str) -> list[str]:
    """Give the words of a text, case-folded: runs of letters, digits and their marks.

    An apostrophe, hyphen or point between two of them does not end a word, nor a comma between two digits.
    Where a script puts no space between words (Han, kana, Thai, Lao, Khmer, Myanmar, Tibetan) each letter
    counts as one.

    >>> words("Don't panic: 3.14 天地"), words("!?")
    (["don't", 'panic', '3.14', '天', '地'], [])
    """
    folded = composed(composed(text).casefold())
    return [folded[found.start() : found.end()] for found in _WORD.finditer(shape(folded))]


def count_characters(text: str) -> int:
    """Count what a reader sees as single characters: letters with their marks, joined emoji, flags.

    Extended grapheme clusters (Unicode Standard Annex 29) after composition, without its rules for Indic
    conjuncts and for old Hangul.

    >>> count_characters("e\u0301a 👩‍👩‍👧 🇫🇷")
    6
    """
    if text.isascii() and "\r" not in text:
        return len(text)
    return sum(1 for _ in _CHARACTER.finditer(shape(composed(text))))


def sentences(text: str) -> list[str]:
    """Give the parts of a text that end in a full stop of their script or at an empty line and hold a word.

    A point inside a number or name is none; one after an abbreviation is taken for one.

    >>> sentences("It is 3.14. Is it? 是的。好")
    ['It is 3.14', 'Is it', '是的', '好']
    """
    parts = (part.strip() for part in _SENTENCE_END.split(text))
    return [part for part in parts if _WORD.search(shape(part))]


def is_unspaced(word: str) -> bool:
    """Tell whether a word is of a script that puts no space between words."""
    return _UNSPACED.match(word) is not None
