import sys
import threading
from pathlib import Path

import pytest

from easel_ray import child
from easel_ray.child import (
    SAFETY_CHOICES,
    Child,
    easel_version,
    engine_options,
    find_easel,
    require_free_options,
)


def script(folder: Path, text: str) -> list[str]:
    file = folder / "easel.py"
    file.write_text(text, encoding="utf8")
    return [sys.executable, str(file)]


def test_easel_is_the_one_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    named = tmp_path / "easel"
    named.touch()
    monkeypatch.setenv("EASEL_COMMAND", str(named))
    assert find_easel() == [str(named)]
    with pytest.raises(FileNotFoundError, match="EASEL_COMMAND is the path"):
        find_easel(str(tmp_path / "none"))


def test_what_is_missing_is_said_with_the_way_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(child, "CHECKOUT", tmp_path / "cli.js")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("EASEL_COMMAND", raising=False)
    with pytest.raises(FileNotFoundError, match="npm run build"):
        find_easel()
    (tmp_path / "cli.js").touch()
    with pytest.raises(FileNotFoundError, match="Install Node"):
        find_easel()


def test_a_command_that_does_not_run_says_why(tmp_path: Path):
    with pytest.raises(RuntimeError, match="no library"):
        easel_version(script(tmp_path, "import sys; sys.exit('no library')"))
    assert easel_version(script(tmp_path, "print('1.2.3')")) == "1.2.3"


@pytest.mark.parametrize("option", ["--port", "--token=abc", "--host", "--threads", "--end-with-input"])
def test_options_of_the_replica_cannot_be_given(option: str):
    with pytest.raises(ValueError, match=f"{option.partition('=')[0]} cannot"):
        require_free_options(["--model", "starter", option])


def test_the_safety_checker_is_that_of_easel_serve_where_it_is_named():
    given = {"max_body": 32, "threads": 4, "more": ["--model", "starter"]}
    plain = engine_options(safety_checker=None, **given)
    assert plain == ["--max-body", "32", "--threads", "4", "--model", "starter"]
    for choice in SAFETY_CHOICES:
        options = engine_options(safety_checker=choice, **given)
        require_free_options(options[options.index("--safety-checker") :])
        assert options == [*plain[:4], "--safety-checker", choice, *plain[4:]]


def test_a_child_ends_when_it_is_told(tmp_path: Path):
    ended = threading.Event()
    command = script(tmp_path, "import sys; print('http://x', flush=True); sys.stdin.read()")
    running = Child(command, [], ended.set)
    assert running.address == "http://x"
    running.stop()
    assert not ended.is_set()


def test_the_end_of_a_child_is_noticed(tmp_path: Path):
    ended = threading.Event()
    Child(script(tmp_path, "print('http://x', flush=True)"), [], ended.set)
    assert ended.wait(30)


def test_a_child_that_cannot_serve_is_an_error(tmp_path: Path):
    with pytest.raises(RuntimeError, match="exit code 2"):
        Child(script(tmp_path, "import sys; sys.exit(2)"), [], lambda: None)
