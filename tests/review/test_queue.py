"""The order of photos, held against the plainest way to say the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from posecheck.review.queue import Queue

PHOTOS = [f"{i:02}" for i in range(12)]

orders = st.lists(st.sampled_from(PHOTOS), unique=True)
some = st.sets(st.sampled_from(PHOTOS))


@given(orders, some, st.none() | some, st.sampled_from(PHOTOS))
def test_steps_and_counts(
    order: list[str], undecided: set[str], wanted: set[str] | None, at: str
) -> None:
    queue = Queue(order, undecided, wanted)
    stops = [p for p in order if wanted is None or p in wanted]
    assert len(queue) == len(order)
    assert queue.decided == len([p for p in order if p not in undecided])
    assert queue.first() == next((p for p in stops if p in undecided), next(iter(stops), None))
    if at not in order:
        assert queue.step(at, forward=True) == queue.first()
        assert queue.step(at, forward=False) is None
        return
    place = order.index(at)
    assert queue.step(at, True) == next((p for p in order[place + 1 :] if p in stops), None)
    assert queue.step(at, False) == next((p for p in order[:place][::-1] if p in stops), None)
    around = order[place + 1 :] + order[:place]
    assert queue.next_undecided(at) == next((p for p in around if p in undecided), None)


@given(orders, st.lists(st.tuples(st.sampled_from(PHOTOS), st.booleans())))
def test_what_becomes_of_photos_is_kept(order: list[str], events: list[tuple[str, bool]]) -> None:
    queue, undecided = Queue(order, order), set(order)
    for photo, decided in events:
        queue.mark(photo, decided)
        undecided = undecided - {photo} if decided else undecided | {photo}
    assert queue.decided == len(set(order) - undecided)
    assert queue.order == order
