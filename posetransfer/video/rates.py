"""Exact frame rates from the times at which a file's pictures stand."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

STANDARD_RATES = (
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(50),
    Fraction(60000, 1001),
    Fraction(60),
)
FASTEST = 240  # frames a second; what claims more is taken for a variable rate, as most such claims are damage

Ticks = NDArray[np.int64]  # [n] times in units of a time base, rising


def standard_rate(average: Fraction | float) -> Fraction:
    """The standard rate nearest to `average` frames a second."""
    return min(STANDARD_RATES, key=lambda rate: abs(float(rate) - float(average)))


def constant_rate(ticks: Ticks, time_base: Fraction, stated: Iterable[Fraction]) -> Fraction | None:
    """The exact rate of `ticks` (rising times in units of `time_base`, two or more), or None if it varies.

    `stated` are the rates the container names; they are believed only where the times agree. Times that
    a container rounded (milliseconds in Matroska) agree with a rate if each is within one tick of it.
    """
    span = (ticks[-1] - ticks[0]) * time_base
    measured = Fraction(len(ticks) - 1) / span
    simple = [measured.limit_denominator(limit) for limit in (1, 1001, 10**6)]
    for rate in (*stated, *simple):
        if 0 < rate <= FASTEST and _off(ticks, time_base, rate) <= _rounding(time_base, rate):
            return _snapped(ticks, time_base, rate)
    return None


def gapped_rate(ticks: Ticks, time_base: Fraction, stated: Iterable[Fraction]) -> Fraction | None:
    """The stated rate on whose grid all `ticks` lie, with some of the places empty (dropped frames), or None.

    A quarter of a frame is allowed: cut and joined recordings round at every joint.
    """
    for rate in stated:
        if 0 < rate <= STANDARD_RATES[-1]:
            places = (ticks - ticks[0]) * float(time_base * rate)
            if np.abs(places - np.round(places)).max() <= 1 / 4:
                return rate
    return None


def _snapped(ticks: Ticks, time_base: Fraction, rate: Fraction) -> Fraction:
    """The standard rate that `rate` is a rounded form of (23.98, 29.97), if no picture moves by a third of a frame
    over the whole clip; else `rate`."""
    standard = standard_rate(rate)
    near = abs(standard / rate - 1) < Fraction(1, 5000)
    return standard if near and _off(ticks, time_base, standard) < 1 / 3 else rate


def _off(ticks: Ticks, time_base: Fraction, rate: Fraction) -> float:
    """The farthest that any of `ticks` is from its place at `rate`, in frames."""
    places = (ticks - ticks[0]) * float(time_base * rate)
    return float(np.abs(places - np.arange(len(ticks))).max())


def _rounding(time_base: Fraction, rate: Fraction) -> float:
    """How far rounding to whole ticks can move a picture, in frames; a third of one where ticks are that coarse."""
    return min(1.05 * float(time_base * rate), 1 / 3)
