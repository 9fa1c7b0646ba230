# Needs Python 3.11 (with venv and headers), make and a C compiler; everything else is installed here.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := $(shell command -v uv || echo .uv/bin/uv)
BIN := .venv/bin
STUDY ?=
export UV_PYTHON_DOWNLOADS := never

.PHONY: app test extended setup check format lock check-pip browser screenshots stories reference simulations null-simulations

app: setup
	$(BIN)/sgaudit app $(if $(STUDY),--study "$(STUDY)")

# A worker a core, at most four: each makes the small studies that its files share.
PYTEST := $(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test: setup
	$(PYTEST) -m "not extended"

# What takes long: killed runs, all backbones, leakage, most of the browser (every page under axe, keyboard, report, stories).
extended: setup
	$(PYTEST) -m extended

setup: .venv/installed

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/test_docs.py --durations=0

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The LASSO path, whose compiled code is kept beside its source.
COMPILE := import numpy as np; from sgcore.selection.homotopy import path_on_grid as path; path(np.eye(2), np.ones(2), np.ones(1))

# Compiled once: where Python may not write its caches, each process would compile every library anew.
.venv/installed: requirements.txt pyproject.toml | $(UV)
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps -e .
	$(BIN)/python -m compileall -q sgcore pages app.py
	$(BIN)/python -c "$(COMPILE)"
	touch $@

.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet uv

lock: | $(UV)
	$(UV) pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
	  --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(PYTHON) scripts/lock_header.py requirements.txt

# The two commands of the lock's header, run by pip with an empty cache in an environment of its own.
check-pip:
	$(PYTHON) scripts/check_pip.py requirements.txt

# Debian's Chromium, which the browser tests drive.
browser:
	command -v chromium || (apt-get update -q && apt-get install -qy --no-install-recommends chromium)

# Every page of the demo study as a picture for the docs; it computes nothing.
screenshots: setup browser
	$(BIN)/python scripts/screenshots.py docs/images

# What a reviewer does in the browser, on a study of one's own: both recipes without networks go on where they stopped.
stories: setup browser
	$(if $(STUDY),,$(error say which study: make stories STUDY=path/to/study.toml))
	mkdir -p build
	$(BIN)/sgaudit run "$(STUDY)" --recipe both --no-deep --store build/stories.duckdb
	SGAUDIT_STORIES=build/stories.duckdb $(BIN)/python -m pytest -n 0 tests/browser/test_stories.py

# The reference numbers of the tests, made anew by R (the tests read the tables and need no R).
reference:
	Rscript -e 'stopifnot(requireNamespace("pROC"), requireNamespace("brglm2"))' >/dev/null 2>&1 || \
	  (apt-get update -q && apt-get install -qy --no-install-recommends r-base-core r-cran-proc r-cran-brglm2)
	Rscript --vanilla tests/reference/make_reference.R tests/reference

# How often intervals hold the truth, and what selection outside the folds invents: the long runs of the short tests.
simulations: setup
	$(BIN)/python benchmarks/interval_coverage.py
	$(BIN)/python benchmarks/noise_labels.py
	$(BIN)/python benchmarks/clustered_odds.py
	$(BIN)/python benchmarks/net_benefit_bands.py

# Whether p of the permutation nulls is uniform on noise, what selecting outside the folds adds there, and the time of a null.
null-simulations: setup
	$(BIN)/python benchmarks/null_uniform.py
	$(BIN)/python benchmarks/selection_outside.py
	$(BIN)/python benchmarks/pipeline_null.py
