"""Serves images with several engines of this machine, by Ray Serve.

    python deploy/ray/serve.py --replicas 2 --port 8000 [-- OPTIONS OF easel serve]

Needs what requirements.txt names. EASEL_SERVE_TOKEN is the token of clients, required with --host. Writes the
address to standard output; Ctrl+C or SIGTERM ends it. For a cluster, see cluster.yaml and docs/SERVING.md.
"""

import argparse
import os
import secrets
import signal
import sys
import threading

# Nothing is sent to Ray's makers.
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
# Of Ray's own ports. Without it, Ray writes one into the user's home folder.
os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))

try:
    import ray
    from ray import serve
    from ray.serve.config import HTTPOptions

    from easel_ray.app import Settings, build
except ModuleNotFoundError as error:
    sys.exit(f"The Python package {error.name} is missing: pip install -r deploy/ray/requirements.txt")

from easel_ray.access import is_loopback, require_safe_token
from easel_ray.child import SAFETY_CHOICES, easel_version, find_easel

STOP_SECONDS = 5


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--replicas", type=int, default=2, help="engines that run at all times (default 2)")
    parser.add_argument("--max-replicas", type=int, help="as many as the queue needs, up to this number")
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to serve on (default: this machine alone)"
    )
    parser.add_argument("--port", type=int, default=8000, help="the port (default 8000)")
    parser.add_argument(
        "--threads", type=int, help="of one engine (default: the cores, shared by the replicas)"
    )
    parser.add_argument("--gpus", type=float, default=0, help="graphics cards of one engine (default 0)")
    parser.add_argument("--max-queue", type=int, default=32, help="requests that wait (default 32)")
    parser.add_argument("--max-body", type=int, default=32, help="MiB of one request (default 32)")
    parser.add_argument(
        "--safety-checker",
        choices=SAFETY_CHOICES,
        help="what becomes of images that a model's safety checker flags (default black)",
    )
    parser.add_argument(
        "--metrics-port", type=int, help="where Prometheus reads Ray's metrics (default: any)"
    )
    parser.add_argument(
        "--easel", metavar="PATH", help="easel, or its dist/cli.js (default: see EASEL_COMMAND)"
    )
    parser.add_argument("options", nargs="*", metavar="OPTION", help="after --: options of easel serve")
    return parser.parse_args()


def main() -> None:
    options = read_arguments()
    most = max(options.replicas, options.max_replicas or 0)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = options.threads or max(1, cores // most)
    loopback = is_loopback(options.host)
    try:
        require_safe_token(os.environ.get("EASEL_SERVE_TOKEN") or None, loopback=loopback)
        command = find_easel(options.easel)
        print(f"{easel_version(command)}: {' '.join(command)}", file=sys.stderr)
        settings = Settings(
            replicas=options.replicas,
            max_replicas=options.max_replicas,
            cpus=threads,
            gpus=options.gpus,
            max_queue=options.max_queue,
            max_body=options.max_body,
            stop_seconds=STOP_SECONDS,
            safety_checker=options.safety_checker,
            loopback=loopback,
            command=command[-1],
            options=options.options,
        )
    except (ValueError, OSError, RuntimeError) as error:
        sys.exit(str(error))
    ended = threading.Event()
    # One ray of its own: it reserves threads for each engine, whether the machine has as many cores or not.
    ray.init(
        address="local",
        num_cpus=most * threads,
        include_dashboard=False,
        log_to_driver=False,
        _metrics_export_port=options.metrics_port,
        runtime_env={"env_vars": {"PYTHONPATH": os.path.dirname(os.path.abspath(__file__))}},  # noqa: PTH100, PTH120
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        serve.start(http_options=HTTPOptions(host=options.host, port=options.port))
        serve.run(build(settings), name="easel", route_prefix="/")
        print(f"http://{options.host}:{options.port}", flush=True)
        ended.wait()
    except RuntimeError as error:
        failed = serve.status().applications.get("easel")
        sys.exit(f"{error} {failed.message if failed else ''}")
    finally:
        serve.shutdown()
        ray.shutdown()


if __name__ == "__main__":
    main()
