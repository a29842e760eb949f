"""Checks the Python code: `ruff check`, `ruff format --check` and pytest.

    python3 scripts/check_python.py [--python PYTHON] [pytest options]

The tools are installed into .cache/python at the versions of pyproject.toml. `--python` uses another Python,
which must have ruff and pytest. If it has torch, diffusers and transformers as well, more tests run.

Exits with 0 if all checks pass, else with 1; also with 0 if Python is older than 3.11 or cannot make virtual
environments, because the checks are skipped then. The last line is `python: N passed, N failed, N skipped`.
"""

from __future__ import annotations  # for the message that an older Python has to print

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (3, 11)


def counts(report: Path) -> tuple[int, int, int]:
    """Tests passed, failed (or with an error) and skipped, from the JUnit XML of pytest."""
    passed = failed = skipped = 0
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def main(arguments: list[str]) -> int:
    other = Path(arguments[1]) if arguments[:1] == ["--python"] else None
    missing = None
    if sys.version_info < OLDEST:
        missing = f"Python {OLDEST[0]}.{OLDEST[1]} or later"
    elif not other and importlib.util.find_spec("ensurepip") is None:
        missing = "The Python module ensurepip (on Debian and Ubuntu: the package python3-venv)"
    if missing:
        print(f"{missing} is needed: the Python checks are skipped.")
        print("python: 0 passed, 0 failed, 0 skipped")
        return 0
    # Needs tomllib, which an older Python lacks: the message above must come first.
    from python_environment import prepare  # noqa: PLC0415

    try:
        python = other or prepare("check", ROOT / ".cache" / "python")
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The tools could not be installed: {error}")
        print("python: 0 passed, 1 failed, 0 skipped")
        return 1
    options = arguments[2:] if other else arguments
    failed_checks = 0
    for command in (["ruff", "check", "--output-format=concise"], ["ruff", "format", "--check", "--quiet"]):
        print("$", *command, flush=True)
        failed_checks += subprocess.run([python, "-m", *command, "."], cwd=ROOT).returncode != 0
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = ["pytest", "--quiet", f"--junit-xml={report}", *options]
        print("$ pytest", *options, flush=True)
        failed_checks += subprocess.run([python, "-m", *command], cwd=ROOT).returncode != 0
        passed, failed, skipped = counts(report) if report.exists() else (0, 0, 0)
    print(f"python: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed_checks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
