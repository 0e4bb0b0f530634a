# make app: the page · make demo: see every method at work · make test: all checks · make bench: timings · make space: the folder of a hosted Space (HARDWARE=zero-a10g: for ZeroGPU) · each target sets itself up from Python 3.11 or 3.12 alone
VENV ?= .venv
BIN := $(VENV)/bin
SUPPORTED := import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))
HARDWARE ?= cpu-basic
# the first interpreter of a supported version; a shim that only looks like one fails the question
PYTHON ?= $(shell for p in python3 python3.12 python3.11; do \
	$$p -c '$(SUPPORTED)' >/dev/null 2>&1 && { echo $$p; break; }; done)

.PHONY: app demo test bench space setup clean

setup: $(VENV)/.ready

# what running needs is installed first, so that who only wants the page waits for nothing else
$(VENV)/.runs: requirements.txt
	@if [ -z "$(PYTHON)" ] || ! $(PYTHON) -c '$(SUPPORTED)'; then \
		echo "posetransfer needs Python 3.11 or 3.12, and neither was found. Install one from python.org, then run: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; \
		exit 2; fi
	@$(PYTHON) -m venv $(VENV) || { \
		echo "Python could not make a virtual environment. On Debian and Ubuntu, install the package python3-venv and try again." >&2; \
		exit 2; }
	@echo "Setting up: about 5 GB are fetched, once." >&2
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -c 'import cv2' || { \
		echo "OpenCV does not load. On Debian and Ubuntu, install the packages libgl1 and libglib2.0-0 and try again." >&2; \
		exit 2; }
	@touch $@

$(VENV)/.ready: $(VENV)/.runs requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

app: $(VENV)/.runs
	$(BIN)/python app.py

demo: $(VENV)/.runs
	$(BIN)/python -m posetransfer demo

test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile tests/unit tests/contract tests/hub tests/real tests/space
	$(BIN)/python -m pytest tests/browser

bench: setup
	$(BIN)/python -m benchmarks

space: $(VENV)/.runs
	$(BIN)/python -m space.build --hardware $(HARDWARE)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
