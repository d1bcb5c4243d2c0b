"""Every built-in metric shows an example, and it is true."""

from __future__ import annotations

import doctest
import importlib

import numpy as np
import pytest

from activeloop.metrics import built_in

FLAGS = doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("name", built_in())
def test_the_example_of_a_metric_is_true(name: str) -> None:
    metric = built_in()[name]
    module = importlib.import_module(metric.function.__module__)
    example = doctest.DocTestParser().get_doctest(
        str(metric.__doc__), {"np": np, **vars(module)}, name, module.__file__, 0
    )
    assert example.examples, f"the docstring of {name} shows no example"
    told: list[str] = []
    assert doctest.DocTestRunner(optionflags=FLAGS).run(example, out=told.append).failed == 0, "".join(told)
