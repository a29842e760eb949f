"""Colour words: the main colour of artwork, and artwork in another colour.

Hues are bytes as in Pillow's HSV images (0..255 for 0..360 degrees).
"""

import numpy as np
from PIL import Image

HUES = {
    "red": 0,
    "orange": 19,
    "yellow": 35,
    "green": 86,
    "teal": 126,
    "blue": 154,
    "purple": 194,
    "pink": 233,
}
TARGETS = (*HUES, "brown", "black", "white", "gray")
BACKGROUNDS = {
    "red": (225, 60, 60),
    "orange": (250, 160, 60),
    "yellow": (250, 220, 90),
    "green": (110, 190, 100),
    "teal": (60, 175, 170),
    "blue": (75, 130, 225),
    "light blue": (170, 215, 245),
    "purple": (140, 95, 195),
    "pink": (245, 170, 200),
    "brown": (140, 95, 65),
    "black": (15, 15, 18),
    "dark": (35, 38, 50),
    "gray": (150, 150, 155),
    "beige": (240, 228, 205),
}
WINDOW = 22  # hue bytes either side of the dominant hue that belong to it


def _hsv(rgba: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(rgba[..., :3]).convert("HSV")).astype(np.int16)


def _distance(hue: np.ndarray, other: int) -> np.ndarray:
    return np.abs((hue - other + 128) % 256 - 128)


def dominant(rgba: np.ndarray) -> tuple[int, str] | None:
    """The hue and colour word of artwork (h, w, 4) uint8 that is mostly of one colour, else None."""
    small = rgba[::4, ::4]
    hsv = _hsv(np.ascontiguousarray(small))
    opaque = small[..., 3] > 128
    vivid = opaque & (hsv[..., 1] > 70) & (hsv[..., 2] > 50)
    if vivid.sum() < 0.34 * max(1, opaque.sum()):
        return None
    counts = np.bincount(hsv[..., 0][vivid], minlength=256).astype(float)
    smooth = sum(np.roll(counts, shift) for shift in range(-8, 9))
    hue = int(smooth.argmax())
    near = vivid & (_distance(hsv[..., 0], hue) < WINDOW)
    if near.sum() < 0.5 * vivid.sum():
        return None
    name = min(HUES, key=lambda word: _distance(np.array(hue), HUES[word]))
    value = float(np.median(hsv[..., 2][near]))
    saturation = float(np.median(hsv[..., 1][near]))
    if name in ("orange", "red", "yellow") and value < 175 and (name != "red" or value < 125):
        name = "brown"
    if name in ("red", "pink") and saturation < 150 and value > 190:
        name = "pink"
    return hue, name


def recolour(rgba: np.ndarray, hue: int, target: str) -> np.ndarray:
    """The artwork with its dominant hue changed to the colour `target`; other hues stay."""
    hsv = _hsv(rgba)
    h, s, v = hsv[..., 0], hsv[..., 1].astype(float), hsv[..., 2].astype(float)
    mask = np.clip((WINDOW + 12 - _distance(h, hue)) / 12.0, 0, 1) * np.clip((s - 25) / 40.0, 0, 1)
    new_h = h.copy()
    if target in HUES:
        new_h = (h - hue + HUES[target]) % 256
        new_s = np.clip(s * 1.05, 0, 255) if target != "pink" else s * 0.6
        new_v = v if target not in ("yellow", "pink", "orange") else 255 * (v / 255) ** 0.55
    elif target == "brown":
        new_h, new_s, new_v = (h - hue + 17) % 256, s * 0.75, v * 0.62
    elif target == "black":
        new_s, new_v = s * 0.12, v * 0.27
    elif target == "white":
        new_s, new_v = s * 0.06, 255 - (255 - v) * 0.3
    else:
        new_s, new_v = s * 0.06, v * 0.72
    turned = np.stack([new_h, new_s, new_v], -1).clip(0, 255).astype(np.uint8)
    colour = np.asarray(Image.fromarray(turned, "HSV").convert("RGB")).astype(float)
    mixed = rgba[..., :3] + (colour - rgba[..., :3]) * mask[..., None]
    return np.dstack([mixed.round().clip(0, 255).astype(np.uint8), rgba[..., 3]])
