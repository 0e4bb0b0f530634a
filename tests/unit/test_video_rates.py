"""Exact rates from times."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from posetransfer.video.rates import STANDARD_RATES, constant_rate, gapped_rate, standard_rate

MS = Fraction(1, 1000)


@pytest.mark.parametrize("rate", STANDARD_RATES)
def test_a_standard_rate_is_its_own(rate: Fraction) -> None:
    assert standard_rate(rate) == rate
    assert standard_rate(float(rate)) == rate


@pytest.mark.parametrize(
    ("average", "expected"),
    [(23.9, Fraction(24000, 1001)), (12, Fraction(24000, 1001)), (26, 25), (29.98, Fraction(30000, 1001)), (120, 60)],
)
def test_the_nearest_standard_rate(average: float, expected: Fraction) -> None:
    assert standard_rate(average) == expected


@pytest.mark.parametrize("rate", [*STANDARD_RATES, Fraction(10), Fraction(15), Fraction(1, 3), Fraction(120)])
def test_milliseconds_do_not_hide_a_constant_rate(rate: Fraction) -> None:
    ticks = np.array([round(i / rate * 1000) for i in range(200)])
    assert constant_rate(ticks, MS, []) == rate


def test_a_constant_rate_that_is_no_standard_one_is_kept() -> None:
    ticks = np.arange(182) * 83  # 30.12 a second: at 30 the clip would be half a frame longer
    assert constant_rate(ticks, Fraction(1, 2500), []) == Fraction(2500, 83)


def test_a_varying_rate_is_not_constant() -> None:
    ticks = np.cumsum([0, 33, 50, 20, 33, 70, 33, 33])
    assert constant_rate(ticks, MS, [Fraction(30)]) is None


def test_dropped_frames_leave_the_stated_rate() -> None:
    ticks = np.array([0, 200, 280, 320, 480])
    assert gapped_rate(ticks, MS, [Fraction(25)]) == 25
    assert gapped_rate(ticks, MS, [Fraction(24)]) is None
