"""Renders every piece to 256 x 256 RGBA, in child processes.

The rasteriser aborts its process on a few broken drawings. So a child renders a range of pieces into a shared
file and marks each piece before it starts. If it aborts, the parent skips the marked piece and starts another
child for the rest.
"""

import io
import json
import os
from dataclasses import asdict
from pathlib import Path

import numpy as np
import resvg_py
from PIL import Image

from .artwork import Piece, list_artwork

SIZE = 256
FIT = 232  # the longer side of artwork whose margins are cropped


def _square(image: Image.Image, fit: bool) -> Image.Image | None:
    if fit:
        box = image.getchannel("A").point(lambda a: 255 if a > 8 else 0).getbbox()
        if box is None:
            return None
        image = image.crop(box)
        ratio = image.width / image.height
        if not 0.3 < ratio < 3.4:
            return None
        scale = FIT / max(image.size)
    else:
        scale = SIZE / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    if size != image.size:
        image = image.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
    square = Image.new("RGBA", (SIZE, SIZE), (255, 255, 255, 0))
    square.paste(image, ((SIZE - size[0]) // 2, (SIZE - size[1]) // 2))
    return square


def draw(piece: Piece) -> np.ndarray | None:
    """One piece as (256, 256, 4) uint8, straight alpha; None if it is nearly empty."""
    if piece.svg is None:
        image = Image.open(piece.path).convert("RGBA")
    else:
        png = resvg_py.svg_to_bytes(
            svg_string=piece.svg, width=SIZE if not piece.fit else 320, skip_system_fonts=True
        )
        image = Image.open(io.BytesIO(bytes(png))).convert("RGBA")
    square = _square(image, piece.fit)
    if square is None:
        return None
    array = np.asarray(square)
    cover = float((array[..., 3] > 128).mean())
    return array if cover > 0.03 else None


def render(data: Path, workers: int = 2) -> None:
    """Writes data/artwork.npy (pieces, 256, 256, 4) uint8 and data/artwork.json, unless they are there."""
    index = data / "artwork.json"
    if index.exists():
        return
    pieces = list_artwork(data)
    pixels = np.lib.format.open_memmap(
        data / "artwork.tmp.npy", mode="w+", dtype=np.uint8, shape=(len(pieces), SIZE, SIZE, 4)
    )
    state = np.memmap(data / "state.tmp", mode="w+", dtype=np.int8, shape=(len(pieces),))
    runs = np.array_split(np.arange(len(pieces)), workers)
    todo = [(int(run[0]), int(run[-1]) + 1) for run in runs if len(run)]
    ends = {}
    for start, end in todo:
        ends[_fork(pieces, pixels, state, start, end)] = (start, end)
    while ends:
        child, _status = os.wait()
        start, end = ends.pop(child)
        undone = np.flatnonzero(state[start:end] == 0)
        struck = np.flatnonzero(state[start:end] == 1)
        state[start:end][struck] = 3  # its child aborted
        if len(undone):
            first = start + int(undone[0])
            ends[_fork(pieces, pixels, state, first, end)] = (first, end)
    kept = np.flatnonzero(np.asarray(state) == 2)
    out = np.lib.format.open_memmap(
        data / "artwork.npy", mode="w+", dtype=np.uint8, shape=(len(kept), SIZE, SIZE, 4)
    )
    for at, number in enumerate(kept):
        out[at] = pixels[number]
    out.flush()
    (data / "artwork.tmp.npy").unlink()
    (data / "state.tmp").unlink()
    listing = [
        {key: value for key, value in asdict(pieces[number]).items() if key not in ("svg", "path")}
        for number in kept
    ]
    temporary = index.with_suffix(".tmp")
    temporary.write_text(json.dumps(listing))
    temporary.rename(index)
    print(f"rendered {len(kept)} of {len(pieces)} pieces", flush=True)


def _fork(pieces, pixels, state, start: int, end: int) -> int:
    child = os.fork()
    if child:
        return child
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    for number in range(start, end):
        if state[number]:
            continue
        state[number] = 1
        try:
            array = draw(pieces[number])
        except (ValueError, OSError):
            array = None
        if array is None:
            state[number] = 3
        else:
            pixels[number] = array
            state[number] = 2
    os._exit(0)
