"""Makes test/fixtures/resizing.json: images that Pillow makes larger and smaller.

    python scripts/reference/resizing.py

Needs Pillow. The values of the inputs follow from their places, as in test/core/image/resize.test.ts.
Pillow 13 resizes columns before rows in some cases, so there are sizes at both sides of that rule.
"""

import base64
import json
from pathlib import Path

import numpy
from PIL import Image

FILE = Path(__file__).parents[2] / "test" / "fixtures" / "resizing.json"
FILTERS = {"lanczos": Image.Resampling.LANCZOS, "bicubic": Image.Resampling.BICUBIC}

# Width and height, before and after.
SIZES = [
    ((12, 20), (10, 6)),
    ((20, 12), (6, 10)),
    ((12, 20), (6, 10)),
    ((12, 20), (18, 30)),
    ((10, 10), (15, 5)),
    ((10, 10), (5, 15)),
    ((10, 10), (14, 13)),
    ((15, 17), (10, 7)),
    ((15, 18), (10, 7)),
    ((10, 20), (10, 8)),
    ((20, 10), (8, 10)),
]


def sample(width: int, height: int) -> Image.Image:
    """An image without structure, whose values follow from their places."""
    y, x, c = numpy.mgrid[0:height, 0:width, 0:3]
    values = (x * x * 31 + y * 57 + c * 101 + x * y * 3) % 256
    return Image.fromarray(values.astype(numpy.uint8))


def main() -> None:
    cases = []
    for before, after in SIZES:
        for name, resample in FILTERS.items():
            made = sample(*before).resize(after, resample)
            data = base64.b64encode(made.tobytes()).decode()
            cases.append({"filter": name, "from": before, "to": after, "rgb": data})
    FILE.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
