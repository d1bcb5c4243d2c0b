"""What a study file may say, and the one sentence that each mistake in it gets."""

from pathlib import Path

import pytest

from activeloop import study_file
from activeloop.errors import ConfigurationError
from activeloop.study_tables import Data

GOOD = """
[study]
name = "irises"
[data]
name = "iris"
[loop]
strategies = ["random"]
budget = 50
"""

RULE = "[[stop]]\nrule = "

WRONG = [
    ("[studdy]\nname = 1\n" + GOOD, ("key 'studdy'", "did you mean 'study'")),
    (GOOD + "batch_sise = 5", ("key 'batch_sise'", "did you mean 'batch_size'", "[loop]")),
    (GOOD + "[model]\nnam = 'x'", ("key 'nam'", "did you mean 'name'", "[model]")),
    (GOOD + "[[slices]]\nbin = 3", ("key 'bin'", "did you mean 'bins'", "[slices]")),
    (GOOD + "[oracle]\nabstein = 0.1", ("key 'abstein'", "did you mean 'abstain'", "[oracle]")),
    (GOOD + "[[oracle.annotators]]\nname = 'a'\nnoize = 0.1", ("key 'noize'", "did you mean 'noise'")),
    (
        GOOD.replace('["random"]', '[{ acquisition = "margin", batch = { role = "top" } }]'),
        ("key 'role'", "did you mean 'rule'", "loop.strategies.batch"),
    ),
    (GOOD + "[[case]]\nname = 'a'\nat_lest = 0.5", ("key 'at_lest'", "did you mean 'at_least'", "[case]")),
    (GOOD + "[[case]]\nname = 'a'\nat_least = 'x'", ("case.0.at_least is 'x'", "number")),
    (GOOD + "[[case]]\nname = 'a'", ("test-case 'a': it has no bound",)),
    (GOOD + "[[case]]\nname = 'a'\nat_least = 0.5\nseverity = 'wrn'", ("did you mean 'warn'",)),
    (GOOD + "[[case]]\nname = 'a'\nat_least = 0.5\n" * 2, ("two test-cases are named 'a'",)),
    (GOOD + "[baseline]\nfile = 'p.csv'", ("key 'file'", "[baseline]")),
    (GOOD + "batch_size = 'five'", ("loop.batch_size is 'five'", "integer")),
    (GOOD + "batch_size = 2.5", ("loop.batch_size is 2.5", "integer")),
    (GOOD + "batch_size = true", ("loop.batch_size is True", "integer")),
    (GOOD + "batch_size = 0", ("loop.batch_size is 0", "greater than or equal to 1")),
    (GOOD + "seeds = [-1]", ("loop.seeds.0 is -1", "greater than or equal to 0")),
    (GOOD + "seeds = []", ("loop.seeds is []", "at least 1 item")),
    (GOOD + "scoring = 'accuracy'", ("loop.scoring is 'accuracy'", "list")),
    (GOOD.replace('["random"]', "[]"), ("loop.strategies is []", "at least 1 item")),
    (GOOD.replace('["random"]', "[7]"), ("loop.strategies.0 is 7", "a text")),
    (GOOD.replace('["random"]', '[{ name = "mine" }]'), ("loop.strategies.0.acquisition", "missing")),
    (GOOD + "[oracle]\nnoise = 1.5", ("oracle.noise is 1.5", "less than or equal to 1")),
    (GOOD.replace('[study]\nname = "irises"\n', ""), ("key 'study' is missing",)),
    (GOOD.replace('name = "irises"', "name = 3"), ("study.name is 3", "a text")),
    (GOOD.replace('[data]\nname = "iris"\n', ""), ("key 'data' is missing",)),
    (GOOD.replace("[loop]", "[[loop]]"), ("loop is [", "a table")),
    ("loop = 3\n" + GOOD.partition("[loop]")[0], ("loop is 3", "a table")),
    (GOOD.replace('name = "iris"', ""), ("[data] needs either name or path",)),
    (GOOD.replace('name = "iris"', 'name = "iris"\npath = "x.csv"'), ("[data] needs either name or path",)),
    (GOOD.replace("budget = 50", ""), ("budget", "[[stop]]")),
    (GOOD.replace('["random"]', '["random", "random"]'), ("two strategies are called 'random'",)),
    (
        GOOD.replace('["random"]', '["margin", { name = "margin", acquisition = "entropy" }]'),
        ("two strategies are called 'margin'",),
    ),
    (GOOD + "seeds = [3, 1, 3]", ("names a seed twice", "[3, 1, 3]")),
    (GOOD + "[[slices]]\nbins = 3", ("either by, or where",)),
    (GOOD + "[[slices]]\nby = 'a'\nwhere = 'a > 1'", ("either by, or where",)),
    (GOOD + "[[slices]]\nwhere = 'a > 1'", ("where and name go together", "'a > 1'")),
    (GOOD + "[[slices]]\nby = 'a'\nname = 'b'", ("where and name go together", "'b'")),
    (GOOD + "[[slices]]\nname = 'b'\nwhere = 'a > 1'\nbins = 3", ("bins or edges go with by", "bins = 3")),
    (GOOD + "[[slices]]\nby = 'a'\nbins = 1", ("slices.0.bins is 1", "greater than or equal to 2")),
    (GOOD + "[[stop]]\nscore = 'accuracy'", ("is a table with a rule", "'accuracy'")),
    (GOOD + RULE + "'any_of'", ("any_of needs rules",)),
    (GOOD + RULE + "'any_of'\nrules = []", ("any_of needs rules",)),
    (
        GOOD + RULE + "'all_of'\nrules = [{ rule = 'plateau' }, { score = 'f1' }]",
        ("a table with a rule", "'f1'"),
    ),
    (GOOD + RULE + "'all_of'\nrules = [{ rule = 'plateau' }]\nrouns = 3", ("key 'rouns'", "all_of")),
    (GOOD + RULE + "'patience'\nrounds = 3", ("patience needs of",)),
    (GOOD + RULE + "'patience'\nrounds = 3\nof = [{ rule = 'plateau' }]", ("patience needs of",)),
    (GOOD + RULE + "'patience'\nof = { rule = 'any_of' }", ("any_of needs rules",)),
    (GOOD + "[oracle]\nname = 'mine.py:oracle'\nnoise = 0.1", ("oracle.noise", "'mine.py:oracle'")),
    (GOOD + "[oracle]\ncost = 2.0\n[[oracle.annotators]]\nname = 'a'", ("oracle.cost", "annotators")),
    ("[study]\nname = \n", ("not valid TOML", "line 2")),
    (GOOD + "budget = 60\n", ("not valid TOML", "line 9")),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_a_mistake_is_one_sentence_that_names_it(text: str, said: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        study_file.parse(text, "mine.toml")
    sentence = str(caught.value)
    assert sentence.startswith("mine.toml")
    assert "\n" not in sentence
    for words in said:
        assert words in sentence


def test_what_is_left_out_has_a_default_and_a_date_is_no_number() -> None:
    made = study_file.parse(GOOD)
    assert isinstance(made.data, Data)
    assert (made.loop.seeds, made.loop.batch_size, made.data.holdout) == ([0], 10, 0.3)
    with pytest.raises(ConfigurationError, match="batch_size is '2026-01-01'"):
        study_file.parse(GOOD + "batch_size = 2026-01-01")


def test_rules_may_stand_inside_rules() -> None:
    inner = "{ rule = 'all_of', rules = [{ rule = 'budget', labels = 3 }, { rule = 'patience', rounds = 2,"
    text = GOOD + RULE + "'any_of'\nrules = [" + inner + " of = { rule = 'maximum_confidence' } }] }]"
    assert study_file.parse(text).stop[0]["rules"][0]["rules"][1]["of"] == {"rule": "maximum_confidence"}


def test_a_study_is_the_same_after_plain_values() -> None:
    made = study_file.parse(GOOD + "[[slices]]\nby = 'class'")
    assert study_file.to_plain(made)["slices"] == [
        {"by": "class", "bins": None, "edges": None, "name": None, "where": None}
    ]


def test_a_file_may_begin_with_a_byte_order_mark_and_end_lines_as_windows_does(tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert study_file.text(file) == GOOD


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "digits.toml").write_text(GOOD)
    with pytest.raises(
        ConfigurationError, match=r"no study file '.*digit\.toml'; did you mean '.*digits\.toml'"
    ):
        study_file.text(tmp_path / "digit.toml")
    with pytest.raises(ConfigurationError, match=r"is a folder, not a study file$"):
        study_file.text(tmp_path)
    (tmp_path / "run.db").touch()
    with pytest.raises(ConfigurationError, match=r"to go on with the run in it: activeloop resume"):
        study_file.text(tmp_path)
    (tmp_path / "latin.toml").write_bytes("name = 'é'".encode("latin-1"))
    with pytest.raises(ConfigurationError, match=r"latin\.toml' is not UTF-8 text"):
        study_file.text(tmp_path / "latin.toml")
