"""What is shipped: one name, every file that is needed, and the same wheel from the source archive."""

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

pytest.importorskip("build", reason="building needs the extra dev")
pytest.importorskip("setuptools", minversion="77", reason="building without a network needs setuptools")


def _built(source: Path, out: Path, *kinds: str) -> Path:
    """Build without a network, from what is installed; give the one file that was made."""
    words = [sys.executable, "-m", "build", "--no-isolation", *kinds, "--outdir", str(out), str(source)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (made,) = out.iterdir()
    return made


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive, made of a copy, so that building leaves nothing in the checkout."""
    copy = tmp_path_factory.mktemp("checkout") / "activeloop"
    left_out = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info", "results")
    shutil.copytree(ROOT, copy, symlinks=True, ignore=left_out)
    return _built(copy, tmp_path_factory.mktemp("sdist"), "--sdist")


@pytest.fixture(scope="module")
def wheel(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made of the source archive."""
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(archive) as file:
        file.extractall(unpacked, filter="data")
    (source,) = unpacked.iterdir()
    return _built(source, tmp_path_factory.mktemp("wheel"), "--wheel")


def _modules() -> set[str]:
    own = {
        f"activeloop/{one.relative_to(ROOT / 'activeloop')}" for one in (ROOT / "activeloop").rglob("*.py")
    }
    return own | {f"activeloop/strategies/{one.name}" for one in (ROOT / "strategies").glob("*.py")}


def test_the_list_of_packages_is_the_folders() -> None:
    found = {str(Path(one).parent).replace("/", ".") for one in _modules() if one.endswith("/__init__.py")}
    listed = PROJECT["tool"]["setuptools"]["packages"]
    assert listed == sorted(found)


def test_the_wheel_holds_one_name_and_every_file_that_is_needed(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {one.split("/")[0] for one in names if ".dist-info/" not in one} == {"activeloop"}
    folder = ROOT / "activeloop"
    shipped = [one for kind in ("html", "css", "js", "toml", "txt") for one in folder.rglob(f"*.{kind}")]
    assert folder / "explorer" / "main.js" in shipped
    wanted = _modules() | {f"activeloop/{one.relative_to(folder)}" for one in shipped}
    wanted.add("activeloop/py.typed")
    assert {one for one in names if one.startswith("activeloop/")} == wanted


def test_the_archive_holds_the_tests_and_the_studies(archive: Path) -> None:
    with tarfile.open(archive) as file:
        names = {one.partition("/")[2] for one in file.getnames()}
    for name in (
        "experiments/digits.toml",
        "tests/test_packaging.py",
        "docs/floors.txt",
        "LICENSE",
        "README.md",
    ):
        assert name in names
    assert not any(one.endswith((".pyc", ".db")) for one in names)


def test_the_wheel_of_the_checkout_is_the_wheel_of_the_archive(wheel: Path, tmp_path: Path) -> None:
    copy = tmp_path / "activeloop"
    left_out = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info", "results")
    shutil.copytree(ROOT, copy, symlinks=True, ignore=left_out)
    other = zipfile.ZipFile(_built(copy, tmp_path / "wheel", "--wheel"))
    one = zipfile.ZipFile(wheel)
    assert sorted(one.namelist()) == sorted(other.namelist())
    records = {name for name in one.namelist() if not name.endswith("/RECORD")}
    assert [name for name in sorted(records) if one.read(name) != other.read(name)] == []


def test_the_installed_command_lists_the_strategies(wheel: Path, tmp_path: Path) -> None:
    folder = tmp_path / "installed"
    words = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-index",
        "--quiet",
        "--target",
        str(folder),
    ]
    subprocess.run([*words, str(wheel)], check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, str(folder / "bin" / "activeloop"), "list", "strategies"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "  margin " in done.stdout
    assert not (folder / "strategies").exists()
