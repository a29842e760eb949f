"""Makes a virtual environment with the packages of one of the dependency groups of pyproject.toml.

    python3 scripts/python_environment.py GROUP FOLDER

If this script made the environment from other packages, it is made again. An environment that it did not make
is used as it is. Prints the path of the Python.
"""

import argparse
import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = ROOT / "pyproject.toml"
STAMP = ".packages"  # in the environment: the packages that it was made from


def packages(groups: dict[str, list], name: str) -> list[str]:
    """The requirements of a dependency group, with those of the groups that it includes (PEP 735)."""
    found: list[str] = []
    for entry in groups[name]:
        found += packages(groups, entry["include-group"]) if isinstance(entry, dict) else [entry]
    return list(dict.fromkeys(found))


def prepare(group: str, folder: Path) -> Path:
    """Makes or updates the environment.

    Returns:
        The path of its Python.

    Raises:
        FileExistsError: The folder has other files in it.
        subprocess.CalledProcessError: venv or pip failed; they have written why to stderr.
    """
    wanted = packages(tomllib.loads(PROJECT.read_text(encoding="utf8"))["dependency-groups"], group)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, content = folder / STAMP, "\n".join([sys.version, *wanted]) + "\n"
    if not stamp.exists():
        if python.exists():
            return python
        if folder.exists() and any(folder.iterdir()):
            raise FileExistsError(f"{folder} is no virtual environment and not empty")
    if not python.exists() or stamp.read_text(encoding="utf8") != content:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True, stdout=sys.stderr)
        stamp.write_text("incomplete\n", encoding="utf8")
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
        subprocess.run(install, check=True, stdout=sys.stderr)
        stamp.write_text(content, encoding="utf8")
    return python


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("group", help="a dependency group of pyproject.toml")
    parser.add_argument("folder", type=Path, help="where the environment is made")
    options = parser.parse_args()
    try:
        print(prepare(options.group, options.folder.absolute()))
    except KeyError as error:
        parser.error(f"pyproject.toml has no dependency group {error}")
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"The environment could not be made: {error}")


if __name__ == "__main__":
    main()
