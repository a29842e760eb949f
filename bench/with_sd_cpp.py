"""One measurement of stable-diffusion.cpp; bench/easel.ts is its counterpart. Prints one line of JSON.

It draws whole images only. So the runs are the steps of one image without guidance. Loading the whole model
and encoding the prompt come before the first one, and the process ends before the image is decoded. The model
is the file that scripts/reference/fullsize_single_file.py writes.
"""

import os
import time
from pathlib import Path

from stable_diffusion_cpp import StableDiffusion

from measurement import read_options, report

options = read_options(__doc__, ["float16"])
model = Path(options.folder).parent
run_seconds: list[float] = []
started, first_at = 0.0, 0.0
# The library closes the standard output while it works.
output = os.fdopen(os.dup(1), "w")


def on_step(step: int, steps: int, _seconds: float) -> None:
    global started, first_at
    now = time.perf_counter()
    if step == 0 or steps != options.runs:
        started = now
        return
    run_seconds.append(now - started)
    started = now
    if step == 1:
        first_at = time.time() * 1000
    if step == steps:
        report(output, firstAt=first_at, runSeconds=run_seconds)
        os._exit(0)


network = StableDiffusion(
    model_path=str(model / f"{model.name}.safetensors"), verbose=False, n_threads=os.cpu_count()
)
given = {"width": 512, "height": 512, "cfg_scale": 1.0, "sample_method": "euler", "seed": 1}
started = time.perf_counter()
network.generate_image("a red apple", sample_steps=options.runs, progress_callback=on_step, **given)
