import json

import pytest

from easel_ray import api
from easel_ray.api import ApiError


def test_errors_have_the_form_of_the_api_that_was_called():
    error = ApiError(429, "queue-full", "Wait.", headers={"retry-after": "5"})
    assert json.loads(error.body("/v1/images/edits")) == {
        "error": {"message": "Wait.", "type": "rate_limit_error", "param": None, "code": "queue-full"}
    }
    assert error.body("/controlnet/detect") == error.body("/sdapi/v1/txt2img")
    assert json.loads(error.body("/sdapi/v1/txt2img")) == {
        "error": "queue-full",
        "detail": "Wait.",
        "body": "",
        "errors": "Wait.",
    }
    kinds = [json.loads(ApiError(status, "x", "").body("/"))["error"]["type"] for status in (401, 404, 503)]
    assert kinds == ["authentication_error", "invalid_request_error", "server_error"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/sdapi/v1/progress"),
        ("POST", "/sdapi/v1/interrupt"),
        ("POST", "/sdapi/v1/skip"),
        ("POST", "/sdapi/v1/options"),
        ("GET", "/v1/images/files/abc"),
    ],
)
def test_what_one_server_alone_can_answer_is_refused_by_name(method: str, path: str):
    with pytest.raises(ApiError) as refused:
        api.refuse_what_one_server_has(method, path)
    assert refused.value.status == 501
    assert refused.value.message.startswith(f"{method} {path}: ")
    assert refused.value.headers == {"x-should-retry": "false"}


@pytest.mark.parametrize(("method", "path"), [("GET", "/sdapi/v1/options"), ("GET", "/v1/models")])
def test_the_rest_is_answered(method: str, path: str):
    api.refuse_what_one_server_has(method, path)


def test_links_are_refused_by_the_name_of_the_field():
    with pytest.raises(ApiError) as refused:
        api.refuse_links({"response_format": "url"})
    assert (refused.value.status, refused.value.field) == (400, "response_format")
    api.refuse_links({"response_format": "b64_json"})
    api.refuse_links({})


def test_the_description_leaves_out_what_is_refused():
    paths = {
        "/v1/models": {"get": {}},
        "/sdapi/v1/options": {"get": {}, "post": {}},
        "/sdapi/v1/progress": {"get": {}},
        "/v1/images/files/{name}": {"get": {}},
    }
    described = json.loads(api.described(json.dumps({"paths": paths}).encode()))
    assert described["paths"] == {"/v1/models": {"get": {}}, "/sdapi/v1/options": {"get": {}}}


def test_a_body_without_a_seed_gets_one():
    body = b'{"prompt": "a cat", "seed": null}'
    first, second = (json.loads(api.with_seed(body, api.json_fields(body), None)) for _ in range(2))
    assert first["prompt"] == "a cat"
    assert first["seed"] != second["seed"]
    assert 0 <= first["seed"] < 2**32


def test_a_form_without_a_seed_gets_a_part_before_its_own():
    body = b'--b\r\ncontent-disposition: form-data; name="prompt"\r\n\r\na cat\r\n--b--\r\n'
    seeded = api.with_seed(body, {"prompt": "a cat"}, "b")
    assert seeded.endswith(body)
    assert seeded.startswith(b'--b\r\ncontent-disposition: form-data; name="seed"\r\n\r\n')


def test_a_seed_is_kept_and_what_is_damaged_is_left_to_the_replica():
    for body in (b'{"seed": 0}', b"{damaged", b"[]"):
        assert api.with_seed(body, api.json_fields(body), None) == body


@pytest.mark.parametrize(
    ("status", "body", "gone"),
    [
        (503, b'{"error": {"code": "engine-crashed"}}', True),
        (503, b'{"error": {"code": "stopping"}}', True),
        (503, b'{"error": "engine-crashed", "detail": ""}', True),
        (503, b'{"error": {"code": "device-failed"}}', False),
        (500, b'{"error": {"code": "engine-crashed"}}', False),
        (503, b"no JSON", False),
        (200, b"{}", False),
    ],
)
def test_only_an_engine_that_ended_is_gone(status: int, body: bytes, gone: bool):
    assert api.says_gone(status, body) is gone
