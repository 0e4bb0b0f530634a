"""k-NN between poses: the three metrics by their definitions, and the fast search against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics.pairwise import nan_euclidean_distances

from posetransfer.errors import ShapeError, UnknownName
from posetransfer.pairs.match import METRICS, NOWHERE, Matcher, median_torso, nearest
from posetransfer.poses.skeleton import L_ELBOW, L_HIP, L_WRIST, LIMBS, NECK, R_ANKLE, R_HIP, R_KNEE
from posetransfer.types import unseen_pose
from tests.stick_figure import pose_at

Poses = NDArray[np.float32]


def crowd(count: int, seed: int, *, unseen: float = 0.15, spread: float = 40) -> Poses:
    """Poses around one body, some joints unseen."""
    rng = np.random.default_rng(seed)
    poses = np.repeat(pose_at(0, 512)[None], count, axis=0)
    poses[..., :2] += rng.normal(0, spread, (count, 18, 2)).astype(np.float32)
    poses[rng.random((count, 18)) < unseen] = (np.nan, np.nan, 0)
    return poses


def by_definition(metric: str, queries: Poses, bank: Poses) -> NDArray[np.float64]:
    """Distances [T, N], pair by pair, from the words of the design."""
    scales = median_torso(queries), median_torso(bank)
    table = np.full((len(queries), len(bank)), np.inf)
    for i, a in enumerate(queries.astype(np.float64)):
        for j, b in enumerate(bank.astype(np.float64)):
            if metric == "pixels":
                table[i, j] = nan_euclidean_distances(a[None, :, :2].reshape(1, -1), b[None, :, :2].reshape(1, -1))[
                    0, 0
                ]
            elif metric == "joints":
                apart = (a[:, :2] - a[NECK, :2]) / scales[0] - (b[:, :2] - b[NECK, :2]) / scales[1]
                squares = [d @ d for d in apart if not np.isnan(d).any()]
                table[i, j] = np.sqrt(np.mean(squares)) if len(squares) >= 8 else np.inf
            else:
                lines = [(a[c, :2] - a[p, :2], b[c, :2] - b[p, :2]) for p, c in LIMBS]
                ways = [u / np.linalg.norm(u) - v / np.linalg.norm(v) for u, v in lines if not np.isnan(u + v).any()]
                table[i, j] = np.sqrt(np.mean([w @ w for w in ways])) if len(ways) >= 6 else np.inf
    return np.nan_to_num(table, nan=np.inf, posinf=np.inf)


@pytest.mark.parametrize("metric", list(METRICS))
def test_the_metric_is_what_its_definition_says(metric: str) -> None:
    queries, bank = crowd(12, 1, unseen=0.3), crowd(150, 2, unseen=0.3)
    truth = np.sort(by_definition(metric, queries, bank), axis=1)[:, :5]
    indices, distances = nearest(queries, bank, metric=metric, k=5)
    np.testing.assert_allclose(distances, truth, rtol=2e-6)
    table = by_definition(metric, queries, bank)
    found = np.where(indices == NOWHERE, np.inf, np.take_along_axis(table, indices, axis=1))
    np.testing.assert_allclose(found, truth, rtol=2e-6)


@pytest.mark.parametrize("unseen", [0.0, 0.2, 0.9])
def test_the_search_equals_scikit_learns_brute_force(unseen: float) -> None:
    queries, bank = crowd(300, 3, unseen=unseen), crowd(3000, 4, unseen=unseen)
    flat = [p[..., :2].reshape(len(p), -1).astype(np.float64) for p in (queries, bank)]
    table = np.nan_to_num(nan_euclidean_distances(*flat), nan=np.inf)
    truth = np.argsort(table, axis=1, kind="stable")[:, :7]
    indices, distances = nearest(queries, bank, metric="pixels", k=7)
    least = np.take_along_axis(table, truth, axis=1)
    np.testing.assert_allclose(distances, least, rtol=1e-7, atol=1e-6)
    finite = np.where(np.isfinite(least), least, 1e9)
    clear = (finite < 1e9) & (np.diff(finite, axis=1, append=2e9) > 1e-6)
    assert (indices == truth)[clear].mean() > 0.999


def test_hardly_moving_people_far_from_the_corner_lose_no_digits() -> None:
    """In single precision |a|^2 + |b|^2 - 2ab errs by more than these differences; the search must not."""
    bank = crowd(5000, 5, unseen=0, spread=0.01)
    bank[..., :2] += 4000
    queries = bank[::50].copy()
    queries[..., 0] += 0.004
    exact = np.stack(
        [np.sqrt(((bank - query)[..., :2].astype(np.float64) ** 2).sum(axis=(1, 2))) for query in queries]
    )
    found = nearest(queries, bank, metric="pixels", k=3)[1]
    np.testing.assert_allclose(found, np.sort(exact, axis=1)[:, :3], rtol=1e-6)


def test_ties_go_to_the_lower_index_even_among_many() -> None:
    bank = np.repeat(crowd(3, 6, unseen=0), 400, axis=0)
    indices, distances = nearest(bank[[0, 400, 800]], bank, metric="joints", k=2)
    assert indices.tolist() == [[0, 1], [400, 401], [800, 801]]
    assert distances.max() == 0


def test_a_pose_finds_itself_among_many() -> None:
    bank = crowd(2000, 7, unseen=0.1)
    for metric in METRICS:
        indices, distances = nearest(bank[:100], bank, metric=metric)
        comparable = np.isfinite(distances[:, 0])
        assert (indices[comparable, 0] == np.arange(100)[comparable]).all() and comparable.mean() > 0.7


def test_what_cannot_be_compared_is_nowhere_at_inf() -> None:
    bank = crowd(5, 8, unseen=0)
    hidden = np.stack([unseen_pose(), bank[0]])
    indices, distances = nearest(hidden, bank, metric="joints", k=7)
    assert (indices[0] == NOWHERE).all() and np.isinf(distances[0]).all()
    assert sorted(indices[1]) == [NOWHERE, NOWHERE, 0, 1, 2, 3, 4] and np.isinf(distances[1, 5:]).all()
    assert (nearest(bank, bank[:0], metric="joints")[0] == NOWHERE).all()
    assert nearest(bank[:0], bank, metric="pixels", k=2)[0].shape == (0, 2)


def test_joints_ignores_place_and_size_but_not_a_crouch() -> None:
    standing = np.repeat(pose_at(0, 512)[None], 9, axis=0)
    crouching = standing[:1].copy()
    hips = (R_HIP, L_HIP, R_KNEE, 12, R_ANKLE, 13)
    crouching[:, hips, 1] = crouching[:, hips, 1] * 0.5 + standing[0, NECK, 1] * 0.5
    clip = np.concatenate([standing, crouching])
    far = clip.copy()
    far[..., :2] = clip[..., :2] * 0.3 + 90
    indices, distances = nearest(far, clip, metric="joints")
    np.testing.assert_allclose(distances, 0, atol=1e-5)
    assert indices[9, 0] == 9


def test_a_guessed_joint_counts_as_unseen_except_in_pixels() -> None:
    bank = crowd(1, 9, unseen=0)
    guess = bank.copy()
    guess[:, L_WRIST] = (0, 0, 0.05)
    for metric, near in (("joints", True), ("angles", True), ("pixels", False)):
        assert (nearest(guess, bank, metric=metric)[1][0, 0] < 1e-6) == near


def test_a_forearm_missed_in_one_frame_moves_the_papers_metric_not_ours() -> None:
    """The paper's nearest frames jump when a forearm is missed: its median place is far from where the arm is."""
    bank = np.stack([pose_at(moment, 512) for moment in range(60)])
    query = bank[[40]].copy()
    query[0, [L_ELBOW, L_WRIST]] = (np.nan, np.nan, 0)
    filled = query.copy()
    filled[0, [L_ELBOW, L_WRIST]] = np.median(bank[:, [L_ELBOW, L_WRIST]], axis=0)
    assert nearest(query, bank, metric="joints")[0][0, 0] == 40
    assert nearest(filled, bank, metric="pixels")[1][0, 0] > 5 * nearest(query, bank, metric="pixels")[1][0, 0]


def test_a_matcher_measures_what_it_is_asked() -> None:
    bank = crowd(50, 10)
    matcher = Matcher(bank, "pixels")
    indices, distances = matcher.nearest(bank[:4], 3)
    np.testing.assert_array_equal(matcher.distances(bank[:4], indices), distances)
    assert np.isinf(matcher.distances(bank[:1], np.array([[NOWHERE]])))


def test_wrong_input_is_named() -> None:
    with pytest.raises(UnknownName, match="joints, pixels, angles"):
        Matcher(crowd(2, 0), "metres")
    with pytest.raises(ShapeError, match=r"\[2, 18, 3\]"):
        nearest(crowd(2, 0)[..., :2], crowd(2, 0), metric="joints")
