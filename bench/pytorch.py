"""One measurement of diffusers in PyTorch; bench/easel.ts is its counterpart. Prints a line of JSON."""

import torch

import networks
from measurement import measure, read_options

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}

options = read_options(__doc__, list(DTYPES))
dtype = DTYPES[options.precision]
with torch.inference_mode():
    network = networks.load(options.component, options.folder, dtype).to(options.device)
    given = networks.inputs(options.component, options.folder, options.batch)
    given = [tensor.to(dtype) if tensor.is_floating_point() else tensor for tensor in given]
    given = [tensor.to(options.device) for tensor in given]
    # The copy waits for a graphics card to be done.
    measure(lambda: network(*given).float().cpu().numpy(), options.runs, options.output)
