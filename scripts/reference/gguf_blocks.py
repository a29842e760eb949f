"""Writes test/fixtures/gguf-blocks.json: blocks of each type of GGUF, and their values by the gguf package.

    python scripts/reference/gguf_blocks.py

Two rows of 256 values for each type. Blocks and values (float32) are base64.
"""

import base64
import json
import pathlib

import numpy as np
from gguf import GGMLQuantizationType, quants

FILE = pathlib.Path(__file__).parents[2] / "test" / "fixtures" / "gguf-blocks.json"
TYPES = ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"]
ROWS, COLUMNS = 2, 256
# Where the types that the package cannot make have their scales, in float16 from the start of a block.
SCALES = {"Q2_K": [40, 41], "Q3_K": [54], "Q4_K": [0, 1], "Q5_K": [0, 1], "Q6_K": [104]}


def blocks_of(name: str, random: np.random.Generator) -> np.ndarray:
    """Blocks as uint8 [ROWS, bytes]: of random values, or random bytes with sensible scales."""
    kind = GGMLQuantizationType[name]
    if name not in SCALES:
        return quants.quantize(random.standard_normal((ROWS, COLUMNS), np.float32), kind)
    made = random.integers(0, 256, quants.quant_shape_to_byte_shape((ROWS, COLUMNS), kind), np.uint8)
    scales = made.view(np.float16)
    scales[:, SCALES[name]] = random.uniform(-0.1, 0.1, (ROWS, len(SCALES[name])))
    return made


def text(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()


if __name__ == "__main__":
    random = np.random.default_rng(7)
    table = {}
    for name in TYPES:
        blocks = blocks_of(name, random)
        values = quants.dequantize(blocks, GGMLQuantizationType[name]).astype(np.float32)
        table[name] = {"blocks": text(blocks), "values": text(values)}
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in table.items())
    FILE.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
