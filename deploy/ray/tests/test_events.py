import pytest

from easel_ray.events import EngineGone, Events


def event(name: str, text: str = "") -> bytes:
    return f"event: image_generation.{name}\ndata: {text}\n\n".encode()


def partial(k: int) -> bytes:
    return event("partial_image", f"partial {k}")


def image(k: int) -> bytes:
    return event("completed", f"image {k}")


def test_an_attempt_is_passed_on_whole_however_it_arrives():
    events, whole = Events(), b": 2 before this one\n\n" + partial(0) + image(0)
    received = [one for k in range(len(whole)) for one in events.feed(whole[k : k + 1])]
    assert received == [b": 2 before this one\n\n", partial(0), image(0)]


@pytest.mark.parametrize("cut", range(7))
def test_a_second_attempt_continues_wherever_the_first_one_ended(cut: int):
    whole = [partial(0), partial(1), image(0), partial(2), partial(3), image(1)]
    events = Events()
    sent = events.feed(b"".join(whole[:cut]) + b"event: image_gener")
    events.begin()
    sent += events.feed(b"".join(whole))
    assert sent == whole


def test_attempts_that_end_earlier_than_the_one_before_add_nothing():
    events = Events()
    assert events.feed(partial(0) + image(0) + partial(1)) == [partial(0), image(0), partial(1)]
    events.begin()
    assert events.feed(partial(0)) == []
    events.begin()
    assert events.feed(partial(0) + image(0) + partial(1) + image(1)) == [image(1)]


def test_an_engine_that_ended_is_no_event_for_the_client():
    crashed = b'event: error\ndata: {"type": "error", "error": {"code": "engine-crashed"}}\n\n'
    with pytest.raises(EngineGone):
        Events().feed(crashed)


def test_other_errors_are():
    failed = b'event: error\ndata: {"type": "error", "error": {"code": "not-enough-memory"}}\n\n'
    assert Events().feed(failed) == [failed]
