"""Makes test/fixtures/canny.json: the edges that OpenCV finds in the images of pictures/.

python scripts/reference/canny.py          (needs opencv-python-headless)
"""

import hashlib
import json
from pathlib import Path

import cv2
import numpy
from PIL import Image

FIXTURES = Path(__file__).parents[2] / "test" / "fixtures"
PICTURES = ("sketch.png", "sketch-150x110.png", "mask-96x96.png")
THRESHOLDS = ((100, 200), (30, 60), (250, 300))


def noise(side: int) -> numpy.ndarray:
    """Colours without a pattern, which both sides compute: a linear congruential generator."""
    values, state = numpy.empty(side * side * 3, numpy.uint8), 1
    for index in range(values.size):
        state = (state * 1103515245 + 12345) % 2**31
        values[index] = state >> 23
    return values.reshape(side, side, 3)


def edges_of(image: numpy.ndarray, low: int, high: int) -> dict:
    edges = cv2.Canny(image, low, high)
    assert set(numpy.unique(edges)) <= {0, 255}
    digest = hashlib.sha256(edges.tobytes()).hexdigest()
    return {"low": low, "high": high, "pixels": int((edges == 255).sum()), "sha256": digest}


def main() -> None:
    images = {
        name: numpy.asarray(Image.open(FIXTURES / "pictures" / name).convert("RGB")) for name in PICTURES
    }
    images["noise"] = noise(40)
    found = {name: [edges_of(image, *pair) for pair in THRESHOLDS] for name, image in images.items()}
    (FIXTURES / "canny.json").write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
