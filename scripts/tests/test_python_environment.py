"""The dependency groups of pyproject.toml."""

import os
import tomllib

import pytest

from check_python import counts
from python_environment import PROJECT, STAMP, packages, prepare

GROUPS = tomllib.loads(PROJECT.read_text(encoding="utf8"))["dependency-groups"]


def test_groups_include_groups():
    groups = {"base": ["a==1"], "more": [{"include-group": "base"}, "b==2", "a==1"]}
    assert packages(groups, "more") == ["a==1", "b==2"]


@pytest.mark.parametrize("name", GROUPS)
def test_every_package_is_pinned(name):
    found = packages(GROUPS, name)
    assert found
    assert all("==" in package for package in found)
    names = [package.partition("==")[0] for package in found]
    assert len(names) == len(set(names))


def test_groups_agree_on_versions():
    pins: dict[str, set[str]] = {}
    for name in GROUPS:
        for package in packages(GROUPS, name):
            key, _, version = package.partition("==")
            pins.setdefault(key, set()).add(version)
    assert {key: found for key, found in pins.items() if len(found) > 1} == {}


def test_another_environment_is_used_as_it_is(tmp_path):
    python = tmp_path / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    python.parent.mkdir()
    python.touch()
    assert prepare("check", tmp_path) == python
    assert not (tmp_path / STAMP).exists()


def test_a_folder_with_other_files_is_not_cleared(tmp_path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(FileExistsError):
        prepare("check", tmp_path)
    assert (tmp_path / "notes.txt").exists()


def test_counts_of_a_report(tmp_path):
    report = tmp_path / "report.xml"
    results = ("", "<failure/>", "<error/>", "<skipped/>")
    cases = "".join(f"<testcase>{result}</testcase>" for result in results)
    report.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    assert counts(report) == (1, 2, 1)
