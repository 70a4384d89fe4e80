"""Whatever a message holds, it is read: without an exception, in time, in little memory."""

import random
from functools import cache

import pytest

from benchmarks.fuzz import NAMES, Outcome, find_target, kept_seeds, load_seeds, measure
from benchmarks.mutation import mutate

SECONDS = 1.0  # five times what the search allows: here coverage may be measured, by several processes at once
MUTATIONS = 100  # of each target
OCTETS = 8_000
KEPT = [(name, path.name) for name in NAMES for path in kept_seeds(name)]


@cache
def seeds(target: str) -> list[bytes]:
    return load_seeds(target)


def outcome(target: str, octets: bytes) -> Outcome:
    return measure(find_target(target), octets, cap=SECONDS)


@pytest.mark.parametrize(("target", "name"), KEPT)
def test_what_was_once_found_is_read(target: str, name: str) -> None:
    octets = next(path for path in kept_seeds(target) if path.name == name).read_bytes()

    found = outcome(target, octets)

    assert ("", "") == (found.fault, found.story)


@pytest.mark.parametrize("target", NAMES)
def test_messages_changed_at_random_are_read(target: str) -> None:
    for number in range(MUTATIONS):
        chance = random.Random(number)  # noqa: S311 - no secret
        octets = mutate(chance, chance.choice(seeds(target)), seeds(target), OCTETS)

        found = outcome(target, octets)

        assert ("", "") == (found.fault, found.story), f"mutation {number}: {octets[:2000]!r}"


def test_a_target_that_raises_or_dawdles_is_found_out() -> None:
    def dawdle(octets: bytes) -> None:
        sum(range(200_000))

    assert "" == measure(len, b"1", cap=SECONDS).fault
    assert "slow" == measure(dawdle, b"1", cap=0.0001).fault
    assert measure({}.__getitem__, b"1").fault.startswith("KeyError-")
