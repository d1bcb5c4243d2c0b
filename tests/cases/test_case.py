"""A test-case is checked when it is written, and pytest leaves it alone."""

from __future__ import annotations

from typing import Any

import pytest

import activeloop as al
from activeloop.cases import TestCase
from activeloop.errors import ConfigurationError


def test_pytest_does_not_take_the_class_for_a_test() -> None:
    assert TestCase.__test__ is False
    assert al.TestCase is TestCase


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "it has no bound; one of at_least, at_most, max_drop"),
        ({"at_least": 0.1, "max_drop": 0.1}, "it has at_least and max_drop"),
        ({"at_least": float("nan")}, "at_least is nan"),
        ({"at_least": "0.5"}, "at_least is '0.5'"),
        ({"at_least": True}, "at_least is True"),
        ({"max_drop": -0.1}, "max_drop is -0.1; allowed: 0 or more"),
        ({"at_least": 0.1, "decide_on": "intervl"}, "did you mean 'interval'"),
        ({"at_least": 0.1, "severity": "error"}, "unknown severity 'error'"),
        ({"at_least": 0.1, "min_support": 0}, "min_support is 0"),
        ({"at_least": 0.1, "min_support": 2.5}, "min_support is 2.5"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        TestCase("dark", **given)


def test_a_case_needs_a_name() -> None:
    with pytest.raises(ConfigurationError, match="needs a name"):
        TestCase(" ", at_least=0.5)
