"""Which runs a study has: grids, exclusions, names, budgets, and what is refused."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activeloop import grid, study_file
from activeloop.errors import ConfigurationError
from activeloop.study_tables import StudyFile

START = '[study]\nname = "s"\n'
LOOP = '[loop]\nstrategies = ["random", "margin"]\nbudget = 50\n'
TWO_SETS = '[[data]]\nname = "iris"\n[[data]]\nname = "wine"\nbudget = 20\n'
TWO_MODELS = '[[model]]\nname = "sklearn.svm:SVC"\n[[model]]\ncalled = "wide"\nname = "sklearn.svm:SVC"\n'


def parsed(*tables: str) -> StudyFile:
    return study_file.parse(START + "".join(tables), "mine.toml")


def test_every_data_set_meets_every_model_size_oracle_strategy_and_seed() -> None:
    oracles = '[[oracle]]\n[[oracle]]\ncalled = "noisy"\nnoise = 0.1\n'
    made = parsed(TWO_SETS, TWO_MODELS, oracles, LOOP, "seeds = 3\nbatch_size = [1, 5]\n")
    found = [(*cell.setting, cell.strategy, cell.seed) for cell in grid.cells(made)]
    everything = product(
        ["iris", "wine"], ["SVC", "wide"], [1, 5], ["exact", "noisy"], ["random", "margin"], range(3)
    )
    assert sorted(found) == sorted(everything)
    assert len({cell.run for cell in grid.cells(made)}) == len(found)


def test_a_plain_study_keeps_short_names_and_a_list_of_one_is_a_grid() -> None:
    plain = parsed('[data]\nname = "iris"\n', LOOP)
    assert [cell.run for cell in grid.cells(plain)] == ["random / seed 0", "margin / seed 0"]
    listed = parsed('[[data]]\nname = "iris"\n', LOOP)
    assert grid.cells(listed)[0].run == "iris / default / 10 / exact / random / seed 0"


def test_runs_that_match_every_key_of_an_exclusion_are_left_out() -> None:
    whole = grid.cells(parsed(TWO_SETS, TWO_MODELS, LOOP))
    some = grid.cells(parsed(TWO_SETS, TWO_MODELS, LOOP, '[[exclude]]\ndata = "iris"\nmodel = "wide"\n'))
    gone = [one for one in whole if (one.setting.data, one.setting.model) == ("iris", "wide")]
    assert gone
    assert set(whole) - set(some) == set(gone)


def test_batch_rules_meet_strategies_without_one_and_never_the_baseline() -> None:
    own = '{ acquisition = "entropy", name = "mine", batch = { rule = "diverse" } }'
    loop = (
        f'[loop]\nstrategies = ["random", "margin", {own}]\nbudget = 50\nbatch_rules = ["top", "softmax"]\n'
    )
    made = grid.strategies(parsed('[data]\nname = "iris"\n', loop))
    assert list(made) == ["random", "margin", "margin (softmax)", "mine"]
    assert made["margin"] == "margin"


def test_a_batch_rule_goes_into_the_strategy_that_another_is_made_of() -> None:
    table = '{ acquisition = "slice_aware", of = "margin" }'
    loop = f'[loop]\nstrategies = [{table}]\nbudget = 50\nbatch_rules = ["softmax"]\n'
    made = grid.strategies(parsed('[data]\nname = "iris"\nguide = 0.1\n', loop))
    ((name, found),) = made.items()
    assert name == "slice_aware(margin) (softmax)"
    assert not isinstance(found, str)
    assert not isinstance(found.of, str | None)
    assert found.of.batch is not None
    assert found.of.batch.rule == "softmax"


def test_a_data_set_may_have_a_budget_of_its_own() -> None:
    made = parsed(TWO_SETS, LOOP)
    assert [grid.budget(made, name) for name in ("iris", "wine")] == [50, 20]


def test_the_baseline_is_added_when_it_is_random() -> None:
    lonely = parsed('[data]\nname = "iris"\n[loop]\nstrategies = ["margin"]\nbudget = 50\n')
    assert list(grid.strategies(grid.with_baseline(lonely))) == ["random", "margin"]
    assert grid.with_baseline(grid.with_baseline(lonely)) == grid.with_baseline(lonely)
    other = parsed(
        '[data]\nname = "iris"\n[loop]\nstrategies = ["margin"]\nbudget = 50\n',
        '[compare]\nbaseline = "margn"\n',
    )
    with pytest.raises(ConfigurationError, match=r"compare\.baseline.*'margn'; did you mean 'margin'"):
        grid.with_baseline(other)


def test_a_study_of_several_settings_is_not_a_single_one() -> None:
    assert grid.single(parsed('[data]\nname = "iris"\n', LOOP)).data == "iris"
    with pytest.raises(ConfigurationError, match=r"has 2 settings .* activeloop compare"):
        grid.single(parsed(TWO_SETS, LOOP))


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ([TWO_SETS, LOOP, '[[exclude]]\ndata = "iriss"\n'], ["exclude.data", "'iriss'", "'iris'"]),
        ([TWO_SETS, LOOP, "[[exclude]]\nseed = 7\n"], ["exclude.seed", "'7'", "Allowed: 0"]),
        ([TWO_SETS, LOOP, "[[exclude]]\n"], ["names nothing", "strategy"]),
        ([TWO_SETS, LOOP, "[[exclude]]\nseed = 0\n"], ["leaves no run"]),
        (['[[data]]\nname = "iris"\n[[data]]\nname = "iris"\n', LOOP], ["two data sets", "'iris'", "called"]),
        ([TWO_SETS, LOOP, "[[oracle]]\nnoise = 0.1\n[[oracle]]\nnoise = 0.2\n"], ["two oracles", "called"]),
        ([TWO_SETS, LOOP, "batch_size = [5, 5]\n"], ["loop.batch_size", "twice"]),
        ([TWO_SETS, LOOP, "batch_size = [0]\n"], ["batch_size", "0", "1"]),
        ([TWO_SETS, LOOP, "seeds = 0\n"], ["seeds", "0", "1"]),
        ([TWO_SETS, LOOP, "seeds = [1, 1]\n"], ["loop.seeds", "twice"]),
        (['[[data]]\nnam = "iris"\n', LOOP], ["unknown key 'nam'", "did you mean 'name'"]),
        (["[[data]]\nname = 3\n", LOOP], ["data.0.name", "3", "a text"]),
        ([TWO_SETS, LOOP, '[compare]\ntest = "wilcox"\n'], ["compare.test", "'wilcox'", "'wilcoxon'"]),
        ([TWO_SETS, '[loop]\nstrategies = ["random"]\n'], ["name a budget"]),
    ],
)
def test_what_does_not_fit_is_one_sentence(tables: list[str], said: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parsed(*tables)
    sentence = str(caught.value)
    assert sentence.startswith("mine.toml: ")
    assert "\n" not in sentence
    for words in said:
        assert words in sentence


@given(
    st.lists(st.sampled_from(["iris", "wine", "digits"]), unique=True, min_size=1),
    st.lists(st.integers(1, 50), unique=True, min_size=1, max_size=3),
    st.integers(1, 4),
)
def test_runs_have_names_of_their_own_which_do_not_hang_on_the_others(
    data: list[str], sizes: list[int], seeds: int
) -> None:
    tables = "".join(f'[[data]]\nname = "{name}"\n' for name in data)
    larger = parsed(tables, LOOP, f"seeds = {seeds}\nbatch_size = {sizes}\n")
    smaller = parsed(f'[[data]]\nname = "{data[-1]}"\n', LOOP, f"batch_size = [{sizes[0]}]\n")
    names = {cell: cell.run for cell in grid.cells(larger)}
    assert len(set(names.values())) == len(names)
    assert all(names[cell] == cell.run for cell in grid.cells(smaller))
