"""`activeloop test` as CI meets it: the exit code of every outcome, the table, JSON lines, JUnit XML."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner, Result

from activeloop import running
from activeloop import study as studies
from activeloop.cases import Verdict
from activeloop.cli import main
from activeloop.junit import document
from activeloop.verdict_table import table

HEAD = '[data]\npath = "data.csv"\nid = "id"\nlabel = "kind"\n[predictions]\npath = "said.csv"\n'
PASS, FAIL, OPEN, FEW = (
    '[[case]]\nname = "whole"\nat_least = 0.8\n',
    '[[case]]\nname = "too much"\nat_least = 0.99\n',
    '[[case]]\nname = "close"\nat_least = 0.88\n',
    '[[case]]\nname = "few"\nslice = "lux < 5"\nat_least = 0.5\n',
)
WARN = 'severity = "warn"\n'


@pytest.fixture
def ci(tmp_path: Path) -> Path:
    """200 items with lux 0 to 199; the first 20 are predicted wrongly, the baseline the first 10."""
    rows = [(f"{at:03}", at, at % 7, "cat" if at % 2 else "dog") for at in range(200)]
    lines = [f"{item},{lux},{size},{kind}" for item, lux, size, kind in rows]
    (tmp_path / "data.csv").write_text("id,lux,size,kind\n" + "\n".join(lines))
    for name, wrong in (("said", 20), ("before", 10)):
        other = {"cat": "dog", "dog": "cat"}
        said = [f"{item},{other[kind] if at < wrong else kind}" for at, (item, *_, kind) in enumerate(rows)]
        (tmp_path / f"{name}.csv").write_text("id,predicted\n" + "\n".join(reversed(said)))
    return tmp_path


def outcome_of(folder: Path, text: str, *words: object) -> Result:
    (folder / "tests.toml").write_text(text)
    return CliRunner().invoke(main, ["test", str(folder / "tests.toml"), *map(str, words)])


@pytest.mark.parametrize(
    ("cases", "code", "strict"),
    [
        (PASS, 0, 0),
        (PASS + FAIL, 1, 1),
        (PASS + OPEN, 3, 1),
        (PASS + FEW, 3, 1),
        (FAIL + OPEN + FEW, 1, 1),
        (PASS + FAIL + WARN, 0, 0),
        (PASS + OPEN + WARN + FEW + WARN, 0, 0),
    ],
)
def test_the_exit_code_says_how_it_ended(ci: Path, cases: str, code: int, strict: int) -> None:
    assert outcome_of(ci, HEAD + cases).exit_code == code
    assert outcome_of(ci, HEAD + cases, "--strict").exit_code == strict


def test_the_table_is_aligned_and_says_why(ci: Path) -> None:
    result = outcome_of(ci, HEAD + PASS + FAIL + OPEN + FEW)
    lines = result.output.splitlines()
    assert lines[0].split() == ["outcome", "test-case", "slice", "score", "value", "interval", "n", "bound"]
    at = lines[0].index("bound")
    assert [line[at:] for line in lines if line[at : at + 2] == ">="] == [
        ">= 0.8",
        ">= 0.99",
        ">= 0.88",
        ">= 0.5",
    ]
    assert "few" in result.output
    assert "n = 5; at least 10 needed" in result.output
    assert lines[-1] == "4 test-cases: 1 pass, 1 fail, 1 inconclusive, 1 insufficient"
    assert "\x1b[" not in result.output, "no colors but on a terminal"


def test_colors_on_a_terminal(ci: Path) -> None:
    (ci / "tests.toml").write_text(HEAD + PASS + FAIL)
    colored = CliRunner().invoke(main, ["test", str(ci / "tests.toml")], color=True).output
    assert re.sub(r"\x1b\[\d*m", "", colored) == outcome_of(ci, HEAD + PASS + FAIL).output
    assert "\x1b[31mfail" in colored


def test_quiet_is_quiet(ci: Path) -> None:
    result = outcome_of(ci, HEAD + FAIL, "--quiet")
    assert (result.exit_code, result.output) == (1, "")


def test_json_is_one_object_a_line_with_stable_keys(ci: Path) -> None:
    result = outcome_of(ci, HEAD + PASS + FEW, "--json")
    first, second = map(json.loads, result.output.splitlines())
    assert list(first) == ["suite", *Verdict._fields]
    assert (first["suite"], first["case"], first["outcome"], first["value"]) == (
        "tests",
        "whole",
        "pass",
        0.9,
    )
    assert (second["outcome"], second["low"], second["n"]) == ("insufficient", None, 5)


def test_a_baseline_is_paired_by_id(ci: Path) -> None:
    drop = '[[case]]\nname = "drop"\nmax_drop = {}\n'
    text = HEAD + '[baseline]\npath = "before.csv"\n'
    (found,) = map(json.loads, outcome_of(ci, text + drop.format(0.2), "--json").output.splitlines())
    assert (found["outcome"], found["baseline_value"]) == ("pass", 0.95)
    assert found["difference"] == pytest.approx(-0.05)
    assert outcome_of(ci, text + drop.format(0.001)).exit_code == 1


def test_probabilities_are_read_where_every_class_has_a_column(ci: Path) -> None:
    rows = (ci / "said.csv").read_text().splitlines()
    table = ["id,predicted,dog,cat"]
    table += [f"{row},{'0.9,0.1' if row.endswith('dog') else '0.1,0.9'}" for row in rows[1:]]
    (ci / "said.csv").write_text("\n".join(table))
    case = '[[case]]\nname = "loss"\nscore = "neg_log_loss"\nat_least = -1.0\n'
    (found,) = map(json.loads, outcome_of(ci, HEAD + case, "--json").output.splitlines())
    expected = 0.9 * np.log(0.9) + 0.1 * np.log(0.1)
    assert found["value"] == pytest.approx(expected)
    assert found["outcome"] == "pass"


# slices that stay as they are -----------------------------------------------------------------------------


SLICED = HEAD + '[[slices]]\nby = "lux"\nbins = 4\n[[case]]\nname = "dark"\nslice = "{}"\nat_least = 0.5\n'


def test_frozen_slices_stay_the_same_when_the_data_grow(ci: Path) -> None:
    text = SLICED.format("lux [49.75, 99.5)")
    assert outcome_of(ci, text, "--freeze").exit_code == 0
    more = "\n".join(f"{at:03},{at},0,cat" for at in range(200, 400))
    (ci / "data.csv").write_text((ci / "data.csv").read_text() + "\n" + more)
    (found,) = map(json.loads, outcome_of(ci, text, "--json").output.splitlines())
    assert (found["slice"], found["n"]) == ("lux [49.75, 99.5)", 50)
    (ci / "tests.slices.json").unlink()
    result = outcome_of(ci, text)
    assert result.exit_code == 2
    assert "did you mean 'lux [99.75, 199.5)'" in result.output, "the quartiles are those of today"


def test_frozen_slices_that_cannot_be_read_say_so(ci: Path) -> None:
    (ci / "tests.slices.json").write_text("{")
    result = outcome_of(ci, SLICED.format("all"))
    assert result.exit_code == 2
    assert "tests.slices.json cannot be read" in result.output
    assert "--freeze" in result.output


# JUnit XML ------------------------------------------------------------------------------------------------

ALLOWED: dict[str, tuple[set[str], set[str]]] = {
    "testsuites": ({"name", "tests", "failures", "errors", "time"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, {"testcase"}),
    "testcase": ({"name", "classname", "time"}, {"failure", "skipped", "system-out"}),
    "failure": ({"type", "message"}, set()),
    "skipped": ({"message"}, set()),
    "system-out": (set(), set()),
}
"""Elements with their attributes and children: the part of Jenkins's junit-10.xsd that is written here."""


def parsed(text: bytes) -> ElementTree.Element:
    root = ElementTree.fromstring(text)
    for one in root.iter():
        attributes, children = ALLOWED[one.tag]
        assert set(one.attrib) == attributes
        assert {child.tag for child in one} <= children
    return root


def test_junit_fails_what_fails_and_skips_what_is_not_known(ci: Path) -> None:
    result = outcome_of(ci, HEAD + PASS + FAIL + OPEN + FEW, "--junit", ci / "new" / "r.xml", "--quiet")
    assert result.exit_code == 1
    root = parsed((ci / "new" / "r.xml").read_bytes())
    suite = root[0]
    counts = {key: suite.attrib[key] for key in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "4", "failures": "1", "errors": "0", "skipped": "2"}
    assert [[child.tag for child in case] for case in suite] == [
        ["system-out"],
        ["failure"],
        ["skipped"],
        ["skipped"],
    ]
    assert suite[1][0].attrib["message"].startswith("accuracy lies in [0.8")
    assert suite[3][0].attrib["message"] == "insufficient: n = 5; at least 10 needed"


def test_strict_junit_fails_what_is_not_known_and_warnings_never_do(ci: Path) -> None:
    outcome_of(ci, HEAD + OPEN + FEW + FAIL + WARN, "--junit", ci / "r.xml", "--strict")
    suite = parsed((ci / "r.xml").read_bytes())[0]
    assert (suite.attrib["failures"], suite.attrib["skipped"]) == ("2", "0")
    assert [case[0].tag for case in suite] == ["failure", "failure", "system-out"]


HOSTILE = '</testcase> & "quotes" ]]> \x00\x1b[31m \ud800 ‮ שלום 漢字'


def test_hostile_names_are_escaped_in_xml_and_stay_on_their_line_in_the_table() -> None:
    one = Verdict(
        HOSTILE, HOSTILE, "accuracy", "fail", 0.5, 0.4, 0.6, 50, "at_least", 0.7, reason=f"{HOSTILE}\nmore"
    )
    root = parsed(document([(HOSTILE, [one])]))
    assert root[0][0].attrib["name"].startswith('</testcase> & "quotes" ]]>')
    told = table([one], lambda text, outcome: text)
    assert len(told.splitlines()) == 3
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", told)
    assert json.loads(json.dumps(one._asdict()))["case"] == HOSTILE


# what cannot be judged ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD, "[[case]] is missing"),
        ("[data]\nname = 'iris'\n" + PASS, "[predictions] is missing"),
        (HEAD + PASS.replace("at_least", "at_lest"), "did you mean 'at_least'"),
        (HEAD.replace('path = "said.csv"', 'path = "sad.csv"') + PASS, "sad.csv"),
        (HEAD.replace('said.csv"', "said.csv\"\ncolumn = 'x'") + PASS, "unknown key 'column'"),
        (HEAD.replace("[predictions]", "holdout = 0.5\n[predictions]") + PASS, "data.holdout does nothing"),
        ("run = 'results/x'\n" + PASS, "case does nothing beside run"),
        ("run = 'results/x'\n", "holds no study"),
        (HEAD + PASS + "slice = 'drak'", "unknown slice 'drak'"),
        (HEAD + PASS * 2, "two test-cases are named 'whole'"),
        ("[data", "not valid TOML"),
    ],
)
def test_what_cannot_be_judged_is_one_sentence_and_exit_code_2(ci: Path, text: str, words: str) -> None:
    result = outcome_of(ci, text)
    assert result.exit_code == 2, result.output
    assert words in result.output
    assert len(result.output.splitlines()) == 1


def test_a_file_that_is_not_there_names_the_nearest(ci: Path) -> None:
    (ci / "tests.toml").write_text(HEAD)
    result = CliRunner().invoke(main, ["test", str(ci / "test.toml")])
    assert result.exit_code == 2
    assert "there is no test file" in result.output
    assert "tests.toml" in result.output


def test_an_item_without_a_label_or_unknown_is_named(ci: Path) -> None:
    said = (ci / "said.csv").read_text()
    (ci / "said.csv").write_text(said + "\n999,cat")
    assert "item '999' is not in the data (1 of 201" in outcome_of(ci, HEAD + PASS).output
    (ci / "said.csv").write_text(said)
    (ci / "data.csv").write_text((ci / "data.csv").read_text().replace("000,0,0,dog", "000,0,0,"))
    assert "item '000' is predicted, but its label is not known" in outcome_of(ci, HEAD + PASS).output


# a finished run -------------------------------------------------------------------------------------------

STUDY = """
[study]
name = "irises"
[data]
name = "iris"
[model]
name = "sklearn.naive_bayes:GaussianNB"
[loop]
strategies = ["random", "margin"]
batch_size = 20
budget = 60
"""


def test_the_last_round_of_every_run_of_a_study_is_shown(tmp_path: Path) -> None:
    case = '[[case]]\nname = "whole"\nat_least = 0.5\n[[case]]\nname = "sure"\nat_least = 0.999\n'
    (tmp_path / "study.toml").write_text(STUDY + case)
    assert (
        CliRunner().invoke(main, ["run", str(tmp_path / "study.toml"), "-o", str(tmp_path / "out")]).exit_code
        == 0
    )
    judged = (tmp_path / "out" / "cases.csv").read_text().splitlines()
    assert len(judged) == 1 + 2 * 3 * 2
    result = CliRunner().invoke(main, ["test", str(tmp_path / "out"), "--json"])
    found = [json.loads(line) for line in result.output.splitlines()]
    assert [(one["suite"], one["case"]) for one in found] == [
        (f"{strategy} / seed 0", case) for strategy in ("random", "margin") for case in ("whole", "sure")
    ]
    assert result.exit_code in (1, 3)
    (tmp_path / "ci.toml").write_text('run = "out"')
    again = CliRunner().invoke(main, ["test", str(tmp_path / "ci.toml"), "--json"])
    assert again.output == result.output
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Test-cases" in page
    shown = CliRunner().invoke(main, ["test", str(tmp_path / "out")])
    assert "random / seed 0" in shown.output


def test_a_run_that_is_not_finished_or_has_no_case_is_no_green_verdict(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(STUDY)
    given = studies.opened(tmp_path / "study.toml", tmp_path / "out")
    studies.begin(given)
    list(running.run(given, given.cells))
    result = CliRunner().invoke(main, ["test", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "has no test-case" in result.output
    more = STUDY.replace('"margin"]', '"margin", "entropy"]')
    (tmp_path / "more.toml").write_text(more)
    studies.begin(studies.opened(tmp_path / "more.toml", tmp_path / "out"))
    result = CliRunner().invoke(main, ["test", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "1 of 3 runs" in result.output
    assert "activeloop resume" in result.output
