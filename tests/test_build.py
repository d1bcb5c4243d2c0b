"""From words to things: every name resolves, or is one sentence that says which would."""

from pathlib import Path

import pytest
from sklearn.naive_bayes import GaussianNB

from activeloop import study_file
from activeloop.build import Built, build
from activeloop.errors import ActiveloopError, ConfigurationError, PluginError, UnknownNameError
from activeloop.grid import cells

PLUGINS = Path(__file__).parent / "plugins"


def study(data: str = 'name = "iris"', loop: str = 'strategies = ["random"]', more: str = "") -> str:
    return f'[study]\nname = "s"\n[data]\n{data}\n[loop]\nbudget = 30\n{loop}\n{more}'


def built(text: str, folder: Path = PLUGINS) -> Built:
    made = study_file.parse(text)
    return build(made, cells(made)[0], folder, None)


SOFTMAX = 'strategies = [{ acquisition = "margin", batch = { rule = "softmax", parameters = { %s } } }]'

GUIDED = 'name = "iris"\nguide = 20'
CLASSES = '[[slices]]\nby = "class"'
WRAPPED = 'strategies = [{ acquisition = "slice_aware", of = "margin"%s }]'

WRONG = [
    (study('name = "irs"'), ("unknown data set 'irs'", "did you mean 'iris'")),
    (study('path = "no.csv"\nlabel = "y"'), (str(PLUGINS / "no.csv"),)),
    (study('name = "iris"\noptions = { labl = "x" }'), ("'iris'", "unknown option 'labl'")),
    (study('name = "iris"\nlabel = "x"'), ("'iris'", "unknown option 'label'")),
    (study('name = "iris"\nby = "splt"\nholdout = "test"'), ("'splt'",)),
    (study('name = "iris"\nholdout = 1.5'), ("1.5",)),
    (study(loop='strategies = ["margn"]'), ("unknown strategy 'margn'", "did you mean 'margin'")),
    (study(loop='strategies = ["random"]\nstart = "randm"'), ("unknown strategy 'randm'", "'random'")),
    (study(loop='strategies = ["random"]\nscoring = ["acuracy"]'), ("unknown score 'acuracy'", "'accuracy'")),
    (study(loop='strategies = ["random"]\nscoring = ["r2"]'), ("'r2'", "regression")),
    (
        study(loop='strategies = [{ acquisition = "margin", batch = { rule = "softmx" } }]'),
        ("unknown batch rule 'softmx'", "did you mean 'softmax'"),
    ),
    (
        study(loop=SOFTMAX % "bta = 1"),
        ("batch rule 'softmax'", "unknown parameter 'bta'", "did you mean 'beta'"),
    ),
    (
        study(loop=SOFTMAX % "beta = -1"),
        ("beta is -1",),
    ),
    (
        study(loop='strategies = [{ acquisition = "margin", parameters = { x = 1 } }]'),
        ("strategy 'margin' takes no parameters", "x"),
    ),
    (
        study(loop='strategies = [{ acquisition = "iris.py:Near", parameters = { lenght = 1 } }]'),
        ("'iris.py:Near'", "unknown parameter 'lenght'", "did you mean 'length'"),
    ),
    (study(loop='strategies = ["iris.py:cental"]'), ("iris.py has no 'cental'", "did you mean 'central'")),
    (study(loop='strategies = ["irs.py:central"]'), ("there is no file", "irs.py")),
    (study(loop='strategies = ["no.such.module:x"]'), ("no module 'no.such.module'",)),
    (study(more='[model]\nname = "sklearn.svm:SVCC"'), ("sklearn.svm has no 'SVCC'", "did you mean 'SVC'")),
    (study(more='[model]\nname = "forest"'), ("unknown model 'forest'", "package.module:attribute")),
    (
        study(more='[model]\nname = "sklearn.svm:SVC"\nparameters = { kernl = "rbf" }'),
        ("unknown parameter 'kernl'", "did you mean 'kernel'"),
    ),
    (study(more="[model]\nparameters = { C = 1 }"), ("no model.name",)),
    (
        study(more='[model]\nname = "sklearn.svm:LinearSVC"', loop='strategies = ["margin"]'),
        ("LinearSVC has no predict_proba", "random"),
    ),
    (study(more='[[slices]]\nby = "petal_lenth"'), ("petal_lenth", "petal_length")),
    (study(more='[[slices]]\nby = "iris.py:central"'), ("'iris.py:central'", "no metric")),
    (study(more='[[slices]]\nname = "none"\nwhere = "petal_length > 99"'), ("'none'", "holds none")),
    (study(more='[[slices]]\nname = "odd"\nwhere = "petal_length >"'), ("petal_length >",)),
    (study(more='[[slices]]\nby = "class"\n[[slices]]\nby = "class"'), ("setosa",)),
    (study(more='[[stop]]\nrule = "plato"\nscore = "accuracy"'), ("unknown stopping rule 'plato'",)),
    (
        study(more='[[stop]]\nrule = "plateau"\nscore = "accuracy"\nround = 3'),
        ("stopping rule 'plateau'", "unknown parameter 'round'", "did you mean 'rounds'"),
    ),
    (study(more='[[stop]]\nrule = "plateau"'), ("stopping rule 'plateau'", "'score'")),
    (study(more='[[stop]]\nrule = "any_of"\nrules = [{ rule = "plateua" }]'), ("'plateua'", "'plateau'")),
    (study(more='[[stop]]\nrule = "patience"\nof = { rule = "maximum_confidence" }'), ("'rounds'",)),
    (study(more="[oracle]\nconfusion = { setos = { virginica = 0.1 } }"), ("class 'setos'", "'setosa'")),
    (
        study(more="[oracle]\nconfusion = { setosa = { virginca = 0.1 } }"),
        ("class 'virginca'", "'virginica'"),
    ),
    (study(more='[oracle]\nnoise = 0.1\nitem_noise = "iris.py:often_wrong"'), ("one of noise",)),
    (study(more="[oracle]\nvotes = 2"), ("votes is 2", "1")),
    (study(loop=WRAPPED % ""), ("'slice_aware(margin)' needs a guide", "guide in the [data]")),
    (study(GUIDED, loop=WRAPPED % ""), ("the guide has no slices",)),
    (study(GUIDED, WRAPPED % ", parameters = { shar = 1 }", CLASSES), ("'shar'", "did you mean 'share'")),
    (study(GUIDED, WRAPPED % ", parameters = { share = 2 }", CLASSES), ("share is 2", "from 0 to 1")),
    (study(GUIDED, WRAPPED % ', batch = { rule = "top" }', CLASSES), ("batch belongs into of",)),
    (study(GUIDED, (WRAPPED % "").replace("margin", "margn"), CLASSES), ("did you mean 'margin'",)),
    (study(GUIDED, 'strategies = ["slice_aware"]', CLASSES), ("makes one of another", 'of = "margin"')),
    (study('name = "iris"\nguide = 0', WRAPPED % "", CLASSES), ("guide is 0", "a count from 1")),
    (study('name = "iris"\nguide = 30', WRAPPED % "", CLASSES), ("takes 30 labels of a budget of 30",)),
    (study(more='[oracle]\nname = "simulatd"'), ("unknown oracle 'simulatd'", "'simulated'")),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_cannot_be_built_is_one_sentence(text: str, said: tuple[str, ...]) -> None:
    with pytest.raises(ActiveloopError) as caught:
        built(text)
    assert "\n" not in str(caught.value)
    for words in said:
        assert words in str(caught.value)


def test_a_plug_in_that_cannot_be_imported_says_where(tmp_path: Path) -> None:
    (tmp_path / "typo.py").write_text("x = 1\ndef broken(:\n")
    (tmp_path / "bad.py").write_text("x = 1\n\ny = 1 / 0\n")
    with pytest.raises(PluginError, match=r"SyntaxError: .*typo\.py, line 2\)"):
        built(study(loop='strategies = ["typo.py:x"]'), tmp_path)
    with pytest.raises(PluginError, match=r"ZeroDivisionError: division by zero \(.*bad\.py, line 3\)"):
        built(study(loop='strategies = ["bad.py:x"]'), tmp_path)


def test_a_table_beside_the_study_is_read_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"{at % 7},{at % 5},{'yes' if at % 2 else 'no'}\n" for at in range(60))
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "made.csv").write_text("a,b,y\n" + rows)
    monkeypatch.chdir(tmp_path)
    made = built(study('path = "made.csv"\nlabel = "y"\nholdout = 20'), tmp_path / "beside")
    assert (len(made.loop.pool), made.loop.pool.classes) == (40, ("no", "yes"))


def test_strategies_are_told_apart_by_their_names() -> None:
    loop = 'strategies = ["margin", { name = "mine", acquisition = "margin" }]\nseeds = [4, 2]'
    made = study_file.parse(study(loop=loop))
    assert [(one.strategy, one.seed) for one in cells(made)] == [
        ("margin", 4),
        ("mine", 4),
        ("margin", 2),
        ("mine", 2),
    ]


def test_a_strategy_keeps_its_own_batch_rule_unless_another_is_named() -> None:
    from activeloop.batch import top, uniform

    own = built(study(loop='strategies = [{ name = "r", acquisition = "random" }]')).loop.settings.strategy
    named = built(
        study(loop='strategies = [{ name = "r", acquisition = "random", batch = { rule = "top" } }]')
    )
    assert (own.batch, named.loop.settings.strategy.batch) == (uniform, top)


def test_strategies_under_one_seed_share_split_start_and_answers() -> None:
    text = study(loop='strategies = ["random", "margin"]\nseeds = [3]', more="[oracle]\nnoise = 0.3")
    made = study_file.parse(text)
    one, other = (build(made, cell, PLUGINS, None) for cell in cells(made))
    assert one.loop.pool.ids.tolist() == other.loop.pool.ids.tolist()
    first, second = one.loop.ask(), other.loop.ask()
    assert first.ids == second.ids
    assert [one.value for one in one.oracle(first)] == [one.value for one in other.oracle(second)]


def test_slices_are_the_same_under_every_seed() -> None:
    made = study_file.parse(
        study(
            loop='strategies = ["random"]\nseeds = [0, 1]', more='[[slices]]\nby = "petal_length"\nbins = 3'
        )
    )
    holdouts = [build(made, cell, PLUGINS, None).loop.holdout for cell in cells(made)]
    one, other = (holdout for holdout in holdouts if holdout is not None)
    assert one.ids.tolist() != other.ids.tolist()
    assert len(one.slices) == 3
    assert one.slices == other.slices


def test_plug_ins_of_each_kind_become_what_they_are() -> None:
    made = built(
        study(
            loop='strategies = [{ name = "near", acquisition = "iris.py:Near", parameters.length = 5.0 }]\n'
            'scoring = ["iris.py:mistakes"]\nbatch_size = 5',
            more='[model]\nname = "iris.py:bayes"\nparameters = { smoothing = 0.5 }\n'
            '[oracle]\nname = "iris.py:Hasty"\n[[slices]]\nby = "iris.py:petal_area"\nbins = 2\n'
            '[[stop]]\nrule = "iris.py:three_rounds"',
        )
    )
    assert isinstance(made.loop.model, GaussianNB)
    assert made.loop.model.var_smoothing == 0.5
    assert made.loop.settings.strategy.acquisition.length == 5.0  # type: ignore[attr-defined]
    assert made.oracle.simulated
    rounds = list(made.loop.run(made.oracle, made.stop))
    assert (len(rounds), made.loop.stopped) == (3, "three rounds are enough")
    assert {row.score for row in rounds[0].scores} == {"mistakes"}
    assert sum("petal_area" in row.slice for row in rounds[0].scores) == 2


def test_parameters_of_a_thing_that_is_made_already_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="takes no parameters"):
        built(study(loop='strategies = [{ acquisition = "random", parameters = { x = 1 } }]'))


def test_an_unknown_name_lists_what_is_allowed() -> None:
    names = "certainty, core_set, entropy, least_confidence, margin, query_model, random, simple_margin"
    with pytest.raises(UnknownNameError, match=f"Allowed: {names}, slice_aware, variance"):
        built(study(loop='strategies = ["best"]'))


def test_a_guide_is_taken_from_the_pool_of_those_who_need_it_and_paid_of_their_budget() -> None:
    both = study(GUIDED, WRAPPED.replace("[{", '["margin", {') % ", parameters = { share = 0.3 }", CLASSES)
    made = study_file.parse(both)
    plain, guided = (build(made, cell, PLUGINS, None) for cell in cells(made))
    assert [len(one.loop.pool) for one in (plain, guided)] == [105, 85]
    assert plain.loop._guide is None
    ends = [list(one.loop.run(one.oracle, one.stop))[-1] for one in (plain, guided)]
    assert [one.bought_total for one in ends] == [30, 10]
    assert guided.loop.settings.strategy.name == "slice_aware(margin)"
    assert "share=0.3" in repr(guided.loop.settings.strategy.batch)


def test_a_wrapper_may_wrap_a_table_and_be_a_plug_in() -> None:
    inner = '{ acquisition = "margin", batch = { rule = "softmax", parameters = { beta = 5.0 } } }'
    text = study(
        GUIDED, f'strategies = [{{ name = "mine", acquisition = "slice_aware", of = {inner} }}]', CLASSES
    )
    strategy = built(text).loop.settings.strategy
    assert strategy.name == "mine"
    assert "softmax(beta=5.0)" in repr(strategy.batch)
    text = study(loop='strategies = [{ acquisition = "activeloop.strategy:as_strategy", of = "margin" }]')
    assert built(text).loop.settings.strategy.name == "activeloop.strategy:as_strategy(margin)"
