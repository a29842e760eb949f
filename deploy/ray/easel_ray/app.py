"""The application that Ray Serve runs: which deployments it has, and how many replicas of each.

serve.py runs it on one machine, and cluster.yaml has the settings of a cluster.
"""

from pydantic import BaseModel, ConfigDict, Field, model_validator
from ray import serve
from ray.serve import Application
from ray.serve.config import AutoscalingConfig

from easel_ray.child import SAFETY_CHOICES, engine_options, require_free_options
from easel_ray.replica import Replica
from easel_ray.router import Router

# One draws, the next one is ready. The others wait in the router, for whichever replica is free first.
AT_ONCE = 2
# Requests that a router or `lists` has beside those that draw or wait. Each has its body in memory.
OTHERS_AT_ONCE = 64
# How long the queue must be too long before a replica is added: longer than a short burst.
UPSCALE_SECONDS = 10
HEALTH = {"health_check_period_s": 5, "health_check_timeout_s": 15}


class Settings(BaseModel):
    """The `args` of the application."""

    model_config = ConfigDict(extra="forbid")

    replicas: int = Field(1, ge=1, description="Engines that run at all times.")
    max_replicas: int | None = Field(
        None, description="With more than `replicas`: as many as the queue needs."
    )
    requests_per_replica: float = Field(
        2, gt=0, description="Requests that draw or wait before one is added."
    )
    routers: int = Field(1, ge=1, description="Replicas of the ingress; on a cluster, two or more.")
    cpus: int = Field(1, ge=1, description="Cores of one engine, and its threads.")
    gpus: float = Field(0, ge=0, description="Graphics cards of one engine.")
    max_queue: int = Field(32, ge=1, description="Requests that wait at one router; more get 429.")
    max_body: int = Field(32, ge=1, le=1024, description="MiB of one request.")
    stop_seconds: float = Field(300, ge=0, description="How long a replica that is stopped may still draw.")
    safety_checker: str | None = Field(
        None, description="What becomes of images that a model's safety checker flags (default: black)."
    )
    loopback: bool = Field(False, description="No other machine can reach it, so it may be without a token.")
    command: str | None = Field(
        None, description="The path of Easel on each machine; else see EASEL_COMMAND."
    )
    options: list[str] = Field([], description="More options of `easel serve`, such as --model.")

    @model_validator(mode="after")
    def _is_consistent(self) -> "Settings":
        if self.max_replicas is not None and self.max_replicas < self.replicas:
            raise ValueError(f"max_replicas must be at least {self.replicas}, which replicas is.")
        if self.safety_checker not in (None, *SAFETY_CHOICES):
            raise ValueError(f"safety_checker must be one of {', '.join(SAFETY_CHOICES)}.")
        require_free_options(self.options)
        return self


def build(args: Settings) -> Application:
    """The application: `easel` is called by clients, `engine` draws, `lists` answers what does not draw."""
    options = engine_options(
        max_body=args.max_body, threads=args.cpus, safety_checker=args.safety_checker, more=args.options
    )
    most = args.max_replicas or args.replicas
    scaling = AutoscalingConfig(
        min_replicas=args.replicas,
        max_replicas=most,
        target_ongoing_requests=args.requests_per_replica,
        upscale_delay_s=UPSCALE_SECONDS,
    )
    deployed = serve.deployment(Replica)
    engine = deployed.options(
        name="engine",
        num_replicas=args.replicas if most == args.replicas else "auto",
        autoscaling_config=None if most == args.replicas else scaling,
        ray_actor_options={"num_cpus": args.cpus, "num_gpus": args.gpus},
        max_ongoing_requests=AT_ONCE,
        max_queued_requests=args.max_queue,
        graceful_shutdown_timeout_s=args.stop_seconds,
        **HEALTH,
    )
    lists = deployed.options(
        name="lists",
        ray_actor_options={"num_cpus": 0},
        max_ongoing_requests=OTHERS_AT_ONCE,
        **HEALTH,
    )
    router = serve.deployment(Router).options(
        name="easel",
        num_replicas=args.routers,
        ray_actor_options={"num_cpus": 0},
        max_ongoing_requests=args.max_queue + AT_ONCE * most + OTHERS_AT_ONCE,
        graceful_shutdown_timeout_s=args.stop_seconds,
    )
    return router.bind(
        engine.bind(args.command, options),
        lists.bind(args.command, options),
        args.max_body << 20,
        args.loopback,
    )
