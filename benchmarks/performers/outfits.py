"""What each of the three wears and looks like."""

from __future__ import annotations

from dataclasses import dataclass

from .face import Looks
from .patterns import checked, denim, mustard, plain, striped
from .shoes import Shoe
from .wardrobe import Cut, Paint


@dataclass(frozen=True)
class Top:
    """A garment for the upper body."""

    style: Cut
    sleeve: float
    """Where it ends, as a share of the arm's length."""
    hem: float
    """m below the hips' joints."""
    neck: float
    """How far below the neck's bone it ends, m."""
    paint: Paint
    ribbed: bool
    collar: bool = False


@dataclass(frozen=True)
class Outfit:
    """All of it."""

    looks: Looks
    top: Top
    trousers: Cut
    trousers_end: float
    """m over the floor."""
    trousers_paint: Paint
    shoe: Shoe


TOPS = {
    "ines": Top(Cut("jumper", "knit", 0.017, (0.22, 0.10, 0.2), 0.0075), 0.99, 0.03, 0.005, mustard, True),
    "kofi": Top(Cut("shirt", "cotton", 0.015, (0.07, -0.10, 0.1), 0.0065), 0.40, 0.05, 0.012, striped, False),
    "lars": Top(Cut("shirt", "cotton", 0.016, (0.06, 0.05, 0.1), 0.0075), 0.97, 0.09, 0.0, checked, False, True),
}

OUTFITS = {
    "ines": Outfit(
        Looks(
            (0.60, 0.37, 0.255),
            (0.60, 0.22, 0.16),
            (0.42, 0.12, 0.11),
            (0.07, 0.03, 0.012),
            (0.018, 0.010, 0.007),
            0.0034,
            True,
        ),
        TOPS["ines"],
        Cut("jeans", "denim", 0.011, (0.3, 0.1, 0.05), 0.006),
        0.055,
        denim((0.035, 0.065, 0.14), 1.0),
        Shoe((0.62, 0.61, 0.58), (0.76, 0.75, 0.72), (0.16, 0.2, 0.24), (0.70, 0.69, 0.66), 0.022, 0.34),
    ),
    "kofi": Outfit(
        Looks(
            (0.165, 0.082, 0.046),
            (0.185, 0.07, 0.042),
            (0.19, 0.07, 0.058),
            (0.03, 0.014, 0.007),
            (0.006, 0.005, 0.004),
            0.0052,
            False,
            stubble=0.3,
        ),
        TOPS["kofi"],
        Cut("chinos", "cotton", 0.014, (0.2, 0.1, 0.035), 0.0065),
        0.06,
        plain((0.30, 0.215, 0.13)),
        Shoe((0.03, 0.035, 0.04), (0.70, 0.68, 0.64), (0.6, 0.6, 0.58), (0.035, 0.04, 0.045), 0.024, 0.34),
    ),
    "lars": Outfit(
        Looks(
            (0.57, 0.345, 0.25),
            (0.57, 0.21, 0.155),
            (0.47, 0.19, 0.165),
            (0.09, 0.17, 0.24),
            (0.17, 0.095, 0.045),
            0.0055,
            False,
            stubble=0.75,
            beard=True,
        ),
        TOPS["lars"],
        Cut("trousers", "cotton", 0.014, (0.2, 0.1, 0.04), 0.0075),
        0.06,
        plain((0.045, 0.048, 0.055)),
        Shoe(
            (0.10, 0.045, 0.018), (0.03, 0.022, 0.016), (0.06, 0.04, 0.02), (0.09, 0.04, 0.016), 0.026, 0.42, "leather"
        ),
    ),
}
