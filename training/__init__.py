"""The recipe of the starter model: openly licensed artwork in, a diffusers folder out."""

import os

# OpenMP reads this when torch loads. Every worker is a process with one thread (see trainer.py).
os.environ.setdefault("OMP_NUM_THREADS", "1")
