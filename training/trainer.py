"""A resumable training loop with a time budget, on one GPU or on several CPU processes.

On a CPU every worker is a process with one thread: one such worker per core is faster than one process with
a thread per core. The workers share the parameters in memory. In each step they average their gradients, and
each updates its share of the parameters. (Updates without waiting, as in Hogwild, learned far less per
sample.) The budget is wall-clock time, so the learning rate depends on the share of the time that has passed.
"""

import json
import math
import multiprocessing
import os
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn


@dataclass(frozen=True)
class Plan:
    """The settings of one training run.

    `decay` is the share of the time, at the end, in which the learning rate falls to 0; `ema` is the horizon
    of the moving average in samples (0: none); `batch` is per worker.
    """

    name: str
    minutes: float
    lr: float
    batch: int
    betas: tuple[float, float] = (0.9, 0.99)
    weight_decay: float = 0.01
    warmup_samples: int = 3000
    decay: float = 0.4
    ema: float = 0
    clip: float = 1.0
    workers: int = 2


SUSPENDED = 5.0  # seconds per step that count at most: the machine may have been suspended


def pick_device() -> torch.device:
    """CUDA if there is such a device, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def team_size(workers: int) -> int:
    """The number of processes that train together: one on a GPU, `workers` on a CPU."""
    return workers if pick_device().type == "cpu" else 1


class Shared:
    """The state that the workers share: parameters, moments, the moving average and the counters."""

    def __init__(self, model: nn.Module, plan: Plan, path: Path, device: torch.device):
        self.model = model.to(device)
        self.path = path
        self.plan = plan
        self.params = [p for p in model.parameters() if p.requires_grad]
        self.first = [torch.zeros_like(p) for p in self.params]
        self.second = [torch.zeros_like(p) for p in self.params]
        self.ema = [p.detach().clone() for p in self.params] if plan.ema else []
        self.counts = torch.zeros(3, dtype=torch.float64)  # samples, updates, seconds
        if path.exists():
            self.load(torch.load(path, map_location=device, weights_only=True))
        if device.type == "cpu":
            model.share_memory()
            for tensor in [*self.first, *self.second, *self.ema, self.counts]:
                tensor.share_memory_()

    def load(self, saved: dict) -> None:
        self.model.load_state_dict(saved["model"])
        for mine, theirs in ((self.first, "first"), (self.second, "second"), (self.ema, "ema")):
            for tensor, value in zip(mine, saved[theirs], strict=True):
                tensor.copy_(value)
        self.counts.copy_(saved["counts"])

    def save(self) -> None:
        saved = {
            "model": self.model.state_dict(),
            "first": self.first,
            "second": self.second,
            "ema": self.ema,
            "counts": self.counts,
        }
        temporary = self.path.with_suffix(".tmp")
        torch.save(saved, temporary)
        temporary.replace(self.path)


def rate(plan: Plan, progress: float, samples: float) -> float:
    """The learning rate: a short warm-up by samples, then flat, then linear to zero."""
    warm = min(1.0, (samples + plan.batch) / plan.warmup_samples)
    return plan.lr * warm * min(1.0, max(0.0, (1 - progress) / plan.decay))


class Team:
    """What the workers exchange: gradients, their norms, and when to stop."""

    def __init__(self, shared: Shared, workers: int):
        self.workers = workers
        self.barrier = multiprocessing.get_context("fork").Barrier(workers)
        self.norms = torch.zeros(workers).share_memory_()
        self.stop = torch.zeros(1).share_memory_()
        self.gradients = (
            [[torch.zeros_like(p).share_memory_() for p in shared.params] for _ in range(workers)]
            if workers > 1
            else []
        )
        # distributed by size, so that every worker updates about as many numbers
        order = sorted(range(len(shared.params)), key=lambda at: -shared.params[at].numel())
        self.owner = {at: place % workers for place, at in enumerate(order)}

    def wait(self) -> None:
        if self.workers > 1:
            self.barrier.wait(timeout=7200)

    def mean_gradients(self, params: list[nn.Parameter], rank: int, clip: float) -> None:
        """Averages and clips the gradients of the parameters that `rank` owns; removes the others."""
        if self.workers > 1:
            torch._foreach_copy_(self.gradients[rank], [p.grad for p in params])
            self.wait()
            mine = [at for at in range(len(params)) if self.owner[at] == rank]
            for at, p in enumerate(params):
                if self.owner[at] != rank:
                    p.grad = None
            for other in range(self.workers):
                if other != rank:
                    torch._foreach_add_(
                        [params[at].grad for at in mine], [self.gradients[other][at] for at in mine]
                    )
            torch._foreach_mul_([params[at].grad for at in mine], 1 / self.workers)
        held = [p.grad for p in params if p.grad is not None]
        self.norms[rank] = torch.stack(torch._foreach_norm(held)).square().sum()
        self.wait()
        scale = min(1.0, clip / (float(self.norms.sum()) ** 0.5 + 1e-6))
        torch._foreach_mul_(held, scale)


def _optimizer(shared: Shared, mine: list[int], device: torch.device) -> torch.optim.AdamW:
    plan = shared.plan
    optimizer = torch.optim.AdamW(
        [shared.params[at] for at in mine],
        lr=plan.lr,
        betas=plan.betas,
        eps=1e-8,
        weight_decay=plan.weight_decay,
        fused=True,
    )
    for at in mine:
        step = torch.tensor(float(shared.counts[1]), device=device)
        optimizer.state[shared.params[at]] = {
            "step": step,
            "exp_avg": shared.first[at],
            "exp_avg_sq": shared.second[at],
        }
    return optimizer


def _work(shared: Shared, team: Team, loss_of: Callable, rank: int, device: torch.device) -> None:
    plan = shared.plan
    rng = np.random.default_rng([rank, int(shared.counts[0])])
    torch.manual_seed(int(rng.integers(2**31)))
    mine = [at for at in range(len(shared.params)) if team.owner[at] == rank]
    optimizer = _optimizer(shared, mine, device)
    averages = [shared.ema[at] for at in mine] if plan.ema else []
    last = logged = saved = time.monotonic()
    losses: list[float] = []
    while True:
        progress = float(shared.counts[2]) / (plan.minutes * 60)
        samples = float(shared.counts[0])
        for group in optimizer.param_groups:
            group["lr"] = rate(plan, progress, samples)
        with torch.autocast(device.type, torch.bfloat16):
            loss = loss_of(shared.model, rng, progress)
        loss.backward()
        for p in shared.params:  # of stages that are not in use yet
            if p.grad is None:
                p.grad = torch.zeros_like(p)
        team.mean_gradients(shared.params, rank, plan.clip)
        optimizer.step()
        for p in shared.params:
            p.grad = None
        if plan.ema:
            weight = 1 - math.exp(-plan.batch * team.workers / min(plan.ema, 1000 + samples / 4))
            torch._foreach_lerp_(averages, [shared.params[at] for at in mine], weight)
        losses.append(float(loss.detach()))
        now = time.monotonic()
        if rank == 0:
            shared.counts[0] += plan.batch * team.workers
            shared.counts[1] += 1
            shared.counts[2] += min(now - last, SUSPENDED)
            team.stop[0] = float(shared.counts[2] >= plan.minutes * 60)
        team.wait()
        if rank == 0 and now - logged > 20:
            _log(shared, float(np.mean(losses)))
            logged, losses = now, []
        if rank == 0 and (now - saved > 90 or team.stop[0]):
            shared.save()
            saved = now
        if team.stop[0]:
            break
        last = now


def _log(shared: Shared, loss: float) -> None:
    line = {
        "minutes": round(float(shared.counts[2]) / 60, 2),
        "samples": int(shared.counts[0]),
        "loss": round(loss, 5),
    }
    with shared.path.with_suffix(".log").open("a", encoding="utf8") as log:
        log.write(json.dumps(line) + "\n")


def train(model: nn.Module, plan: Plan, loss_of: Callable, work: Path) -> nn.Module:
    """Trains `model` with `loss_of(model, rng, progress)` until the time budget is used.

    Continues from work/<name>.pt where that exists.

    Returns:
        The model, with the moving average of the weights if the plan has one.

    Raises:
        RuntimeError: A worker process failed.
    """
    device = pick_device()
    shared = Shared(model, plan, work / f"{plan.name}.pt", device)
    if float(shared.counts[2]) < plan.minutes * 60 - 1:
        model.train()
        if device.type == "cpu":
            torch.set_num_threads(1)
            team = Team(shared, plan.workers)
            children = [_child(shared, team, loss_of, rank, device) for rank in range(plan.workers)]
            for child in children:
                if os.waitpid(child, 0)[1]:
                    raise RuntimeError(f"a worker of {plan.name} died; see its output above")
        else:
            _work(shared, Team(shared, 1), loss_of, 0, device)
    if plan.ema:
        with torch.no_grad():
            for p, average in zip(shared.params, shared.ema, strict=True):
                p.copy_(average)
    return model.eval()


def _child(shared: Shared, team: Team, loss_of: Callable, rank: int, device: torch.device) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        _work(shared, team, loss_of, rank, device)
        code = 0
    except Exception:  # a child must not return into the code of the parent
        traceback.print_exc()
    finally:
        os._exit(code)
