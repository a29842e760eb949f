"""The word lists of the recipe, as TOML files."""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def load(name: str) -> dict[str, Any]:
    """The content of `name`.toml. Tables and lists keep the order of the file."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf8"))
