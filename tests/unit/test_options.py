"""The choices of a run: what they take, what they refuse and in which words."""

from __future__ import annotations

import json
from typing import Any, get_args, get_type_hints

import pytest

from posetransfer.cli.transfer import transfer
from posetransfer.errors import PoseTransferError
from posetransfer.pipeline.options import TransferOptions, Watch, parse_point

EVERYTHING = TransferOptions(
    "pose2pics", 1.5, 9.0, None, (320.0, 240.5), True, "full", "first", 2, 3, "kalman", "median", False, 0.25, 7,
    "mean", "pixels", False, True, True, "openpose", "facemesh", "torch",
)  # fmt: skip
CHOICES = {
    "canvas": ("square", "full"),
    "align": ("pose", "first", "off"),
    "smooth": ("one-euro", "kalman", "off"),
    "fill": ("median", "time"),
    "combine": ("path", "mean"),
    "metric": ("joints", "angles", "pixels"),
    "pose": ("mediapipe", "openpose"),
    "contours": ("dlib68", "facemesh"),
    "runtime": ("auto", "torch", "openvino"),
}
SPANS: dict[str, tuple[float, float]] = {
    "interpolate": (1, 8),
    "keyframe_every": (1, 30),
    "k": (1, 50),
    "person": (1, 1000),
    "threshold": (0, 1e6),
    "start": (0, 1e6),
    "end": (0, 1e6),
}
OPTIONAL = {"align", "threshold", "end", "person", "person_at"}
SWITCHES = ("mirror", "retarget", "sound", "side_by_side", "views")


def flag(name: str) -> str:
    return "-k" if name == "k" else "--" + name.replace("_", "-")


def of(**values: Any) -> TransferOptions:
    return TransferOptions.from_json({"method": "knn"} | values)


def words_of(hint: Any) -> set[str]:
    """The words of a Literal, wherever in `hint` it stands."""
    return {word for part in get_args(hint) for word in ({part} if isinstance(part, str) else words_of(part))}


@pytest.mark.parametrize("name", CHOICES)
def test_the_command_line_offers_the_same_words(name: str) -> None:
    assert words_of(get_type_hints(transfer)[name]) == set(CHOICES[name])


def test_json_and_back_is_the_same() -> None:
    for options in (EVERYTHING, TransferOptions("knn")):
        again = TransferOptions.from_json(json.loads(json.dumps(options.to_json())))
        assert again == options and repr(again) == repr(options)


@pytest.mark.parametrize("name", CHOICES)
def test_choices_take_their_words_alone(name: str) -> None:
    for word in CHOICES[name]:
        assert getattr(of(**{name: word}), name) == word
    wrongs: list[Any] = ["Nonsense", "", 1, True, [CHOICES[name][0]], {}]
    for wrong in wrongs:
        with pytest.raises(PoseTransferError, match=f"^{flag(name)} is one of {', '.join(CHOICES[name])}, not "):
            of(**{name: wrong})


@pytest.mark.parametrize("name", SPANS)
def test_numbers_stay_in_their_span(name: str) -> None:
    least, most = SPANS[name]
    for number in (least, most):
        assert getattr(of(**{name: number}), name) == number
    for wrong in (least - 1, most + 1, float("nan"), float("inf"), "3", True, [1]):
        with pytest.raises(PoseTransferError, match=f"^{flag(name)} is a (whole )?number from {least:g} to "):
            of(**{name: wrong})


@pytest.mark.parametrize("name", ["interpolate", "keyframe_every", "k", "person"])
def test_whole_numbers_are_whole(name: str) -> None:
    """A rate times 2.0 would be no exact rate any more."""
    assert type(getattr(of(**{name: 2.0}), name)) is int
    with pytest.raises(PoseTransferError, match="whole number"):
        of(**{name: 2.5})


@pytest.mark.parametrize("name", SWITCHES)
def test_switches_are_true_or_false(name: str) -> None:
    assert getattr(of(**{name: True}), name) is True
    for wrong in ("false", "on", 1, 0):
        with pytest.raises(PoseTransferError, match=f"^{flag(name)} is true or false"):
            of(**{name: wrong})


def test_only_some_can_be_left_to_the_program() -> None:
    for name in {*CHOICES, *SPANS, *SWITCHES, "person_at"}:
        if name in OPTIONAL:
            assert getattr(of(**{name: None}), name) is None
        else:
            with pytest.raises(PoseTransferError, match=f"^{flag(name)} "):
                of(**{name: None})


def test_unknown_names_are_refused() -> None:
    with pytest.raises(PoseTransferError, match=r"^There is no option called colour, size\.$"):
        of(size=256, colour="red")


@pytest.mark.parametrize("place", ["12", [1], [1, 2, 3], ["a", 2], 7, [float("nan"), 2], [float("inf"), 2]])
def test_a_place_is_two_numbers(place: Any) -> None:
    with pytest.raises(PoseTransferError, match=r"^--person-at takes two numbers such as 320,240"):
        of(person_at=place)
    assert of(person_at=[3, 4]).person_at == (3.0, 4.0)


def test_a_place_as_typed() -> None:
    assert parse_point("320,240.5") == (320.0, 240.5)
    assert parse_point(" -1 , 2") == (-1.0, 2.0)
    assert parse_point("") is None and parse_point(None) is None
    wrong: list[Any] = ["320", "1,2,3", "x,y", "320;240", [1, 2], 5]
    for text in wrong:
        with pytest.raises(PoseTransferError, match="320,240, not "):
            parse_point(text)


def test_the_end_comes_after_the_start() -> None:
    assert of(start=1.0, end=2.0).watch == Watch(1.0, 2.0)
    for end in (1.0, 0.5):
        with pytest.raises(PoseTransferError, match=rf"--end \({end} s\) must come after --start \(1.0 s\)"):
            _ = of(start=1.0, end=end).watch


def test_the_first_pass_is_told_its_part() -> None:
    assert EVERYTHING.watch == Watch(1.5, 9.0, None, (320.0, 240.5), "openpose", "facemesh")


def test_alignment_is_the_methods_unless_chosen() -> None:
    assert of().alignment == "off" and of(method="pose2pics").alignment == "pose"
    assert of(align="pose").alignment == "pose" and of(method="pose2pics", align="off").alignment == "off"
