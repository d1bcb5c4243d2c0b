"""Verdicts as JUnit XML, which every CI server shows: failures fail, what is not known is skipped."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from activeloop.cases import Verdict
from activeloop.verdict_table import row
from activeloop.wording import printable

Named = tuple[str, Sequence[Verdict]]


def document(suites: Sequence[Named], *, strict: bool = False) -> bytes:
    """Give the document: a testsuite for each (name, verdicts), a testcase for each verdict.

    A case that fails has a `failure`, one that is inconclusive or insufficient is `skipped`, or with `strict`
    a `failure` too; a case of severity "warn" says in its output what it found. Times are 0: judging takes
    none. Names are written without what XML forbids.
    """
    root = Element("testsuites", {"name": "activeloop test"})
    made = [_suite(root, name, verdicts, strict) for name, verdicts in suites]
    totals = {key: str(sum(int(one.attrib[key]) for one in made)) for key in ("tests", "failures", "errors")}
    root.attrib.update(totals | {"time": "0"})
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, "unicode")}\n'.encode()


def _suite(root: Element, name: str, verdicts: Sequence[Verdict], strict: bool) -> Element:
    suite = SubElement(root, "testsuite", {"name": printable(name)})
    for one in verdicts:
        _case(suite, name, one, strict)
    counted = {"tests": "testcase", "failures": "testcase/failure", "errors": "testcase/error"}
    counted["skipped"] = "testcase/skipped"
    suite.attrib.update({key: str(len(suite.findall(path))) for key, path in counted.items()} | {"time": "0"})
    return suite


def _case(suite: Element, name: str, one: Verdict, strict: bool) -> None:
    about = {"classname": printable(name), "name": printable(one.case), "time": "0"}
    case = SubElement(suite, "testcase", about)
    told, reason = "  ".join(map(printable, filter(None, row(one)))), printable(one.reason)
    if one.passed or one.severity == "warn":
        SubElement(case, "system-out").text = told + (f": {reason}" if one.reason else "")
    elif one.outcome == "fail" or strict:
        SubElement(case, "failure", {"type": one.outcome, "message": reason}).text = told
    else:
        SubElement(case, "skipped", {"message": f"{one.outcome}: {reason}"})
