"""The rules the code keeps: who may import what, how long a file may be, no pickle, no machine's paths."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "posetransfer"
MODULES = sorted(LIBRARY.rglob("*.py"))
SOURCES = sorted(
    p for folder in ("posetransfer", "space", "tests", "benchmarks") for p in (ROOT / folder).rglob("*.py")
)

ONLY_IN = {
    "gradio": (),
    "huggingface_hub": ("hub",),
    "dlib": ("faces",),
    "mediapipe": (),
    "face_recognition_models": (),
    "stlpips_pytorch": (),
    "openvino": ("runtime",),  # which keeps it from sending statistics
    "nncf": ("runtime",),
    "trackio": ("pipeline",),
}
FORBIDDEN = {"pickle", "shelve", "marshal", "dill", "joblib"}
MAX_LINES, MAX_FUNCTION = 250, 40


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(LIBRARY)))
def test_layers(path: Path) -> None:
    folder = path.relative_to(LIBRARY).parts[0]
    for name in imports(path):
        top = name.split(".")[0]
        assert top not in FORBIDDEN, f"{path.name} imports {name}"
        assert top != "space", f"{path.name} imports the page"
        if top in ONLY_IN:
            assert folder in ONLY_IN[top], (
                f"{top} belongs in {ONLY_IN[top] or 'no module'}, but {path.name} imports it"
            )


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_fits_a_head(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= MAX_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            start = first.end_lineno if documented and first.end_lineno else node.lineno
            length = (node.end_lineno or start) - start
            assert length <= MAX_FUNCTION, f"{node.name} has {length} lines below its docstring"


def test_workers_start_without_the_page() -> None:
    """A worker is started for every job that a bad file ends: it must not wait for gradio."""
    for path in [*(ROOT / "space" / "jobs").rglob("*.py"), *(ROOT / "space" / "live").glob("worker*.py")]:
        page = {"space.page", "space.handlers", "space.elements", "space.api", "space.tabs"}
        for name in imports(path):
            assert name.split(".")[0] != "gradio" and name not in page, f"{path.name} imports {name}"


def test_the_library_never_prints_exits_or_evaluates() -> None:
    for path in MODULES:
        if path.name == "__main__.py" or "cli" in path.relative_to(LIBRARY).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"print", "exit", "eval", "exec"}, f"{path}:{node.lineno}"


def test_arrays_and_weights_are_never_unpickled() -> None:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "load"):
                continue
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            for safe in ("allow_pickle", "weights_only"):
                if safe in given:
                    wanted = safe == "weights_only"
                    assert isinstance(given[safe], ast.Constant) and given[safe].value is wanted, (
                        f"{path}:{node.lineno}"
                    )  # type: ignore[attr-defined]


def test_no_vague_module_names() -> None:
    assert not [p for p in SOURCES if p.stem in {"utils", "common", "helpers", "misc"}]


def test_importing_the_library_imports_nothing_heavy() -> None:
    import subprocess
    import sys

    code = "import posetransfer.cli, sys; print([m for m in ('torch', 'openvino', 'dlib', 'cv2') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
