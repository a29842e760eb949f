"""One measurement of OpenVINO on the CPU; bench/easel.ts is its counterpart. Prints one line of JSON.

With --prepare, it converts the network from diffusers' module instead, and keeps it. PyTorch is loaded only
for that.
"""

import time
from pathlib import Path

import numpy as np
import openvino as ov

from measurement import measure, read_options, report

MODEL, INPUTS = "model.xml", "inputs.npz"


def convert(component: str, folder: str, batch: int, kept: Path) -> None:
    """Writes the network for inputs of fixed sizes, and the inputs. Its weights stay in float16."""
    # Not part of the measurement.
    import torch  # noqa: PLC0415

    import networks  # noqa: PLC0415

    given = networks.inputs(component, folder, batch)
    with torch.inference_mode():
        network = networks.load(component, folder)
        model = ov.convert_model(network, example_input=given, input=[list(x.shape) for x in given])
    kept.mkdir(parents=True, exist_ok=True)
    ov.save_model(model, kept / MODEL, compress_to_fp16=True)
    np.savez(kept / INPUTS, *[x.numpy() for x in given])


def run(kept: Path, precision: str, runs: int, output: Path) -> None:
    # Weights are mapped, and nothing that was compiled is kept: both are OpenVINO's defaults.
    hint = {} if precision == "default" else {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = ov.Core().compile_model(kept / MODEL, "CPU", hint)
    with np.load(kept / INPUTS) as arrays:
        given = list(arrays.values())
    request = compiled.create_infer_request()
    used = compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()
    measure(lambda: request.infer(given)[0], runs, output, computesIn=used)


options = read_options(__doc__, ["default", "float32"])
if options.prepare:
    started = time.perf_counter()
    convert(options.component, options.folder, options.batch, options.kept)
    report(prepareSeconds=time.perf_counter() - started)
else:
    run(options.kept, options.precision, options.runs, options.output)
