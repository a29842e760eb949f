"""The server on real Ray and real engines, on this machine. `npm run check:ray` runs it; Linux and macOS."""

import base64
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("ray")

import requests
import yaml
from PIL import Image, ImageChops

from easel_ray.app import Settings
from easel_ray.child import find_easel
from servers import RAY, THREADS, TOKEN, Server, free_port, is_alive, start, start_ray, wait_until

DRAW = "/v1/images/generations"
QUEUE = 16
# Where the tests have to draw for long enough to be interrupted.
LONG = {"prompt": "a red apple", "size": "256x256", "num_inference_steps": 100}
QUICK = {"prompt": "a red apple", "size": "256x256", "num_inference_steps": 4}


@pytest.fixture(scope="module")
def single() -> Iterator[Server]:
    """One `easel serve`, as a reference."""
    server = start([*find_easel(), "serve", "--port", "0", "--threads", THREADS], TOKEN)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def metrics_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def server(metrics_port: int) -> Iterator[Server]:
    options = ["--max-queue", str(QUEUE), "--max-body", "1", "--metrics-port", str(metrics_port)]
    running = start_ray("--replicas", "2", *options)
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture(scope="module")
def expected(single: Server) -> dict[int, str]:
    """The files that one `easel serve` draws, by their seeds. Before any job of another length."""
    answers = {seed: single.call(DRAW, {**QUICK, "seed": seed}) for seed in range(6)}
    return {seed: answer.json()["data"][0]["b64_json"] for seed, answer in answers.items()}


def draw_under_load(server: Server, expected: dict[int, str], kill: Callable[[], None]) -> None:
    """Draws with many clients, and kills something in between: each answer is the file that was asked for."""
    seeds = [*expected] * 4
    answered: list[int] = []

    def draw(seed: int) -> requests.Response:
        answer = server.call(DRAW, {**QUICK, "seed": seed})
        answered.append(seed)
        return answer

    with ThreadPoolExecutor(8) as clients:
        drawn = clients.map(draw, seeds)
        wait_until("the first answers", lambda: len(answered) >= 4)
        kill()
        assert len(answered) < len(seeds) - 8, "all clients still draw or wait when something is killed"
        for seed, answer in zip(seeds, drawn, strict=True):
            assert answer.status_code == 200, answer.text
            assert answer.json()["data"][0]["b64_json"] == expected[seed]
    wait_until("both replicas", lambda: server.running() == 2 and len(server.children()) == 2)


def test_all_replicas_draw_what_one_server_draws(server: Server, expected: dict[int, str]):
    assert server.running() == 2
    draw_under_load(server, expected, lambda: None)


def test_nothing_is_lost_when_a_replica_is_killed(server: Server, expected: dict[int, str]):
    before = {one.pid for one in server.replicas()}
    victim = server.replicas()[0]
    child = next(one for one in server.children() if one.parent == victim.pid)
    draw_under_load(server, expected, lambda: os.kill(victim.pid, signal.SIGKILL))
    wait_until("the child of the replica ends, too", lambda: not is_alive(child))
    assert len(before & {one.pid for one in server.replicas()}) == 1


def test_nothing_is_lost_when_easel_is_killed(server: Server, expected: dict[int, str]):
    victim = server.children()[0]
    draw_under_load(server, expected, lambda: os.kill(victim.pid, signal.SIGKILL))
    wait_until("its replica ends, too", lambda: victim.parent not in {one.pid for one in server.replicas()})


def events(answer: requests.Response) -> Iterator[dict]:
    for line in answer.iter_lines(chunk_size=None):
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))


def difference(one: dict, other: dict) -> int:
    """The largest one of two images' values, of 0 to 255."""
    files = (io.BytesIO(base64.b64decode(image["b64_json"])) for image in (one, other))
    apart = ImageChops.difference(*(Image.open(file).convert("RGB") for file in files))
    return max(high for _, high in apart.getextrema())


def is_image(event: dict) -> bool:
    return event["type"] == "image_generation.completed"


def test_a_stream_has_unfinished_images_and_is_continued_by_another_replica(server: Server, single: Server):
    answer = server.call(DRAW, {**LONG, "n": 2, "stream": True, "partial_images": 2}, stream=True)
    assert answer.headers["content-type"].startswith("text/event-stream")
    received: list[dict] = []
    for event in events(answer):
        received.append(event)
        if is_image(event) and sum(map(is_image, received)) == 1:
            # The one that draws is among them.
            for child in server.children():
                os.kill(child.pid, signal.SIGKILL)
    images = [one for one in received if is_image(one)]
    assert len(images) == 2
    assert images[1]["seed"] == images[0]["seed"] + 1
    partials = [one["partial_image_index"] for one in received if one["type"].endswith("partial_image")]
    assert partials.count(0) <= 2
    assert partials
    again = single.call(DRAW, {**LONG, "n": 2, "seed": images[0]["seed"]}).json()["data"]
    # An engine prepares weights by what its first job needs, which rounds otherwise.
    assert all(difference(one, other) <= 1 for one, other in zip(images, again, strict=True))
    assert difference(*images) > 1
    wait_until("both replicas", lambda: server.running() == 2 and len(server.children()) == 2)


def test_a_drawing_is_repeated_when_the_engine_of_easel_ends(server: Server):
    with ThreadPoolExecutor(1) as client:
        drawn = client.submit(server.call, DRAW, LONG)
        engines = r"engine\.js"
        wait_until("an engine", lambda: len(server.processes(engines)) > 0)
        for engine in server.processes(engines):
            os.kill(engine.pid, signal.SIGKILL)
        assert drawn.result().status_code == 200


def test_forms_and_the_other_api_draw_too(server: Server):
    image = base64.b64decode(server.call(DRAW, QUICK).json()["data"][0]["b64_json"])
    form = {"prompt": "a green apple", "num_inference_steps": "4", "stream": "true"}
    answer = server.call("/v1/images/edits", data=form, files={"image": ("a.png", image)}, stream=True)
    assert [one["type"] for one in events(answer)][-1] == "image_edit.completed"
    body = {"prompt": "a red apple", "steps": 4, "width": 256, "height": 256, "seed": 1}
    drawn = server.call("/sdapi/v1/txt2img", body, headers={}, auth=("easel", TOKEN))
    assert len(drawn.json()["images"]) == 1


def test_a_client_that_goes_away_cancels_its_drawing(server: Server):
    endless = {**LONG, "n": 10}
    with pytest.raises(requests.exceptions.Timeout):
        server.call(DRAW, endless, timeout=2)
    with server.call(DRAW, {**endless, "stream": True, "partial_images": 1}, stream=True) as answer:
        next(events(answer))
    # Both are free again: it would take minutes else.
    with ThreadPoolExecutor(2) as clients:
        answers = clients.map(lambda _: server.call(DRAW, QUICK, timeout=60), range(2))
        assert [one.status_code for one in answers] == [200, 200]


def error_of(answer: requests.Response) -> tuple[int, str, str | None]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["param"]


def test_errors_have_the_form_of_the_api(server: Server):
    wrong = {"authorization": "Bearer wrong"}
    assert error_of(server.call(DRAW, QUICK, headers=wrong)) == (401, "invalid-api-key", None)
    assert server.call("/sdapi/v1/samplers", headers={}).json()["error"] == "invalid-api-key"
    assert error_of(server.call("/v1/nothing"))[:2] == (404, "not-found")
    assert error_of(server.call(DRAW, {**QUICK, "model": "org/none"}))[:2] == (404, "model-not-found")
    assert error_of(server.call(DRAW, {**QUICK, "size": "x"})) == (400, "bad-request", "size")
    large = {"prompt": "a" * (1 << 20)}
    assert error_of(server.call(DRAW, large)) == (413, "body-too-large", None)
    in_parts = server.call(DRAW, data=iter([json.dumps(large).encode()]))
    assert error_of(in_parts) == (413, "body-too-large", None)
    link = {"response_format": "url"}
    refused = (400, "one-server-only", "response_format")
    assert error_of(server.call(DRAW, {**QUICK, **link})) == refused
    form = server.call("/v1/images/edits", data={"prompt": "a", **link}, files={"image": b"x"})
    assert error_of(form) == refused
    progress = server.call("/sdapi/v1/progress")
    assert (progress.status_code, progress.json()["error"]) == (501, "one-server-only")


def test_what_does_not_draw_is_answered_while_all_replicas_draw(server: Server):
    sessions = [requests.Session() for _ in range(QUEUE + 12)]

    def ask(session: requests.Session) -> requests.Response | None:
        try:
            headers = {"authorization": f"Bearer {TOKEN}"}
            return session.post(
                f"{server.address}{DRAW}", json={**LONG, "n": 10}, headers=headers, timeout=15
            )
        except requests.exceptions.Timeout:
            return None

    with ThreadPoolExecutor(len(sessions)) as clients:
        asked = [clients.submit(ask, session) for session in sessions]
        wait_until("one is refused", lambda: any(one.done() and one.result() is not None for one in asked))
        assert [one["id"] for one in server.call("/v1/models", timeout=10).json()["data"]] == ["starter"]
        answers = [one.result() for one in asked]
    refused = [answer for answer in answers if answer is not None]
    assert len(refused) >= len(sessions) - QUEUE - 4
    for answer in refused:
        assert error_of(answer) == (429, "queue-full", None)
        assert int(answer.headers["retry-after"]) >= 1
    assert server.call(DRAW, QUICK).status_code == 200


def test_health_metrics_and_the_description(server: Server, metrics_port: int):
    assert server.call("/health", headers={}).json() == {"status": "ok", "replicas": {"RUNNING": 2}}
    assert server.call("/metrics", headers={}).status_code == 401
    assert 'easel_replicas{state="RUNNING"} 2' in server.call("/metrics").text
    paths = server.call("/openapi.json").json()["paths"]
    assert DRAW in paths
    assert "/sdapi/v1/progress" not in paths
    names = ("ray_easel_drawings_total", "ray_easel_asked_again_total", "ray_serve_deployment_replica_starts")

    def of_ray() -> str:
        return requests.get(f"http://127.0.0.1:{metrics_port}/metrics", timeout=60).text

    wait_until("Ray's metrics", lambda: all(name in of_ray() for name in names))


def test_no_process_stays(server: Server):
    server.processes("")
    assert len(server.seen) > 10
    assert server.stop() == 0
    wait_until("all processes ended", lambda: not any(map(is_alive, server.seen.values())), 60)


def test_replicas_are_added_when_the_queue_is_long_and_end_with_what_started_them():
    server = start_ray("--replicas", "1", "--max-replicas", "2", token=None)
    try:
        assert error_of(server.call("/v1/models", headers={"host": "evil.example"}))[:2] == (
            403,
            "unknown-host",
        )
        assert server.running() == 1
        with ThreadPoolExecutor(8) as clients:
            for _ in range(8):
                clients.submit(server.call, DRAW, {**LONG, "n": 10})
            wait_until("a second replica", lambda: server.running() == 2)
            assert len(server.children()) == 2
            server.process.kill()
            server.process.wait()
            # Agents of Ray look for what started them every minute or two.
            others = [one for one in server.seen.values() if "Agent" not in one.command]
            wait_until("all others ended", lambda: not any(map(is_alive, others)))
    finally:
        if server.process.poll() is None:
            server.stop()


def test_others_are_served_with_a_token_only():
    command = [sys.executable, str(RAY / "serve.py"), "--host", "0.0.0.0"]
    environment = {**os.environ, "EASEL_SERVE_TOKEN": ""}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "a token is required: set EASEL_SERVE_TOKEN" in ended.stderr


def test_the_settings_of_the_cluster_are_right():
    from ray.serve.schema import ServeDeploySchema  # noqa: PLC0415 (slow to import)

    config = yaml.safe_load((RAY / "cluster.yaml").read_text(encoding="utf8"))
    schema = ServeDeploySchema.model_validate(config)
    assert [app.import_path for app in schema.applications] == ["easel_ray.app:build"]
    assert Settings(**schema.applications[0].args).loopback is False
