"""Lists the artwork before it is rendered: one `Piece` per image, with its names and tags."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from .sources import NAMES, OPENCLIPART_FOLDERS, OPENCLIPART_TOP, SOURCES

SKIN_TONES = {"1f3fb", "1f3fc", "1f3fd", "1f3fe", "1f3ff"}
DROPPED_GROUPS = {2, 9}  # components and flags
DROPPED_SUBGROUPS = {30, 31, 89, 94, 95, 98, 99}  # families, signs, gender, keycaps, letters, flags
CLOCK_FACE = re.compile(r"o.clock|-thirty|\bthirty\b")


@dataclass
class Piece:
    """One image to render. `svg` is the text of the drawing, or None where `path` is a bitmap."""

    source: str
    key: str
    name: str
    tags: list[str]
    group: int
    svg: str | None = None
    path: str | None = None
    fit: bool = False  # crop the empty margins


def _plain(code: str) -> str:
    return "-".join(part for part in code.lower().split("-") if part != "fe0f")


def emoji_names(data: Path) -> dict[str, dict]:
    """Unicode code (lower case, without fe0f) to {label, short, tags, group}, without flags and clocks."""
    folder = data / "npm" / "node_modules" / NAMES[0] / "en"
    entries = json.loads((folder / "data.json").read_text())
    other = json.loads((folder / "shortcodes" / "emojibase.json").read_text())
    names = {}
    for entry in entries:
        group, subgroup = entry.get("group"), entry.get("subgroup")
        label = entry["label"].lower()
        if group is None or group in DROPPED_GROUPS or subgroup in DROPPED_SUBGROUPS:
            continue
        if subgroup == 58 and CLOCK_FACE.search(label):
            continue
        codes = other.get(entry["hexcode"], [])
        codes = [codes] if isinstance(codes, str) else codes
        names[_plain(entry["hexcode"])] = {
            "label": label,
            "short": [code.replace("_", " ") for code in codes],
            "tags": [tag.lower() for tag in entry.get("tags", [])],
            "group": group,
        }
    return names


def _slug(text: str) -> str:
    text = text.replace("’", "").replace("'", "").replace("ñ", "n").replace("é", "e")
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _icon_svg(collection: dict, icon: dict) -> str:
    width = icon.get("width", collection.get("width", 16))
    height = icon.get("height", collection.get("height", 16))
    box = f"{icon.get('left', 0)} {icon.get('top', 0)} {width} {height}"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="{box}">{icon["body"]}</svg>'
    )


def _fluent_3d(data: Path, names: dict[str, dict]):
    folder = data / "npm" / "node_modules" / "@lobehub" / "fluent-emoji-3d" / "assets"
    for path in sorted(folder.glob("*.webp")):
        code = _plain(path.stem)
        if code in names and not SKIN_TONES & set(code.split("-")):
            entry = names[code]
            yield Piece(
                "fluent3d",
                code,
                entry["label"],
                entry["short"] + entry["tags"],
                entry["group"],
                path=str(path),
            )


def _iconify(data: Path, source: str, package: str, names: dict[str, dict]):
    folder = data / "npm" / "node_modules" / package
    collection = json.loads((folder / "icons.json").read_text())
    by_slug = {_slug(entry["label"]): (code, entry) for code, entry in names.items()}
    characters = json.loads((folder / "chars.json").read_text())
    by_icon = {name: _plain(code) for code, name in characters.items()}
    for name, icon in sorted(collection["icons"].items()):
        code = by_icon.get(name, "")
        entry = names.get(code)
        if entry is None:
            code, entry = by_slug.get(name, ("", None))
        if entry is not None and not SKIN_TONES & set(code.split("-")):
            yield Piece(
                source,
                code,
                entry["label"],
                entry["short"] + entry["tags"],
                entry["group"],
                svg=_icon_svg(collection, icon),
            )


WEATHER_SKIP = re.compile(r"^(time|uv-index|wind-beaufort|code|not-available|.*-\d+)")
ICON_SKIP = re.compile(r"(_|^)(debian|linux|google|ios|android|stumbleupon|dribbble|wikipedia|steam)")


def _named_icons(data: Path, source: str, package: str):
    folder = data / "npm" / "node_modules" / package
    collection = json.loads((folder / "icons.json").read_text())
    for name, icon in sorted(collection["icons"].items()):
        if source == "meteocons" and (not name.endswith("-fill") or WEATHER_SKIP.match(name)):
            continue
        if source == "flatcolor" and ICON_SKIP.search(name):
            continue
        words = name.removesuffix("-fill").replace("-", " ")
        yield Piece(source, name, words, [], 8, svg=_icon_svg(collection, icon), fit=source == "meteocons")


def _openclipart(data: Path):
    root = data / "debian" / "usr" / "share" / "openclipart" / "svg"
    for path in sorted(root.rglob("*.svg")):
        folder = str(path.parent.relative_to(root))
        wanted = folder in OPENCLIPART_TOP or folder.startswith(OPENCLIPART_FOLDERS)
        if not wanted or "bw" in path.stem or path.stat().st_size > 150_000:
            continue
        text = path.read_text(encoding="utf8", errors="replace")
        if "licenses/publicdomain" not in text.lower() and "web.resource.org/cc/PublicDomain" not in text:
            continue
        title, subjects = _rdf(text)
        if title and not re.search(r"\d|flag|logo|icon|template", title):
            folders = [part.replace("_", " ") for part in folder.split("/")]
            yield Piece(
                "openclipart", f"{folder}/{path.stem}", title, subjects + folders[-1:], 10, svg=text, fit=True
            )


def _rdf(text: str) -> tuple[str, list[str]]:
    """The title and the subject words in the metadata of an Open Clip Art file."""
    title = re.search(r"<dc:title>([^<]+)</dc:title>", text)
    subject = re.search(r"<dc:subject>(.*?)</dc:subject>", text, re.S)
    words = re.findall(r"<rdf:li>([^<]+)</rdf:li>", subject.group(1)) if subject else []
    clean = [re.sub(r"[_\s]+", " ", word).strip().lower() for word in words]
    name = re.sub(r"[_\s]+", " ", title.group(1)).strip().lower() if title else ""
    name = re.sub(r"[^a-z0-9' ]", "", name).strip()
    return name, [word for word in clean if word and word not in ("hash", "unsorted") and len(word) < 24]


def list_artwork(data: Path) -> list[Piece]:
    """Every usable piece of every source, in a fixed order."""
    names = emoji_names(data)
    pieces: list[Piece] = list(_fluent_3d(data, names))
    for source in SOURCES:
        if source.key in ("fluent", "fluentflat", "fluentline", "noto", "notov1"):
            pieces += _iconify(data, source.key, source.package, names)
        elif source.key in ("meteocons", "flatcolor"):
            pieces += _named_icons(data, source.key, source.package)
        elif source.key == "openclipart":
            pieces += _openclipart(data)
    return pieces
