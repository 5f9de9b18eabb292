# Everything is run through make; `make help` tells what there is. Needs python3.11, make and git.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
DEMO := results/demo
PERSISTENCE := results/iid_or_persistent
# Tables of accuracies in the figures of docs.
PUBLISHED := parm-cifar-10-2 approxifer-parm-cifar-10-8 $(addprefix approxifer-cifar-10-8-,1 2 3)
MEASURED := $(addprefix digits-,collage-4 parity-sum-4 parity-concatenation-4 lagrange-4-5 lagrange-4-6 \
  lagrange-4-6-stage-3 naive-4-5 berrut-8-10)

.DEFAULT_GOAL := help
.PHONY: help install demo test check persistence verify bench site docs torch test-torch accuracy format clean

help:  ## tell what there is
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

install: $(INSTALLED)  ## make .venv and install everything into it

# Anew whenever what is needed changes; the file itself says that it was done.
$(INSTALLED): setup.cfg pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(INSTALLED)  ## simulate the headline scenario: a table here, a figure in results/demo
	$(BIN)/strag-sim run scenarios/collage_vs_replication.yaml --output $(DEMO)
	$(BIN)/strag-sim plot $(DEMO) ccdf

test: $(INSTALLED)  ## run all tests
	$(BIN)/python -m pytest -n auto -m "not torch"

check: $(INSTALLED)  ## look for faults without running: style, format, types, directions of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict strag_sim
	$(BIN)/lint-imports

persistence: $(INSTALLED)  ## what redundancy gains from workers that are slow for ever longer
	PATH="$(CURDIR)/$(BIN):$$PATH" scripts/iid_or_persistent.sh $(PERSISTENCE)

verify: $(INSTALLED)  ## hold simulator and statistics against theory at length, and 10,000 random plans (slow)
	$(BIN)/python -m pytest verification
	$(BIN)/python verification/response_laws.py results/verification
	$(BIN)/strag-sim selfcheck
	$(BIN)/python verification/stability.py
	$(BIN)/python verification/stopping.py
	$(BIN)/python verification/billion.py
	$(BIN)/python verification/common_numbers.py
	$(BIN)/python verification/interval_coverage.py

bench: $(INSTALLED)  ## measure how fast the engines are, imports and sketches
	$(BIN)/python benchmarks/engines.py
	$(BIN)/python benchmarks/importing.py
	$(BIN)/python benchmarks/sketches.py

site: $(INSTALLED)  ## write the reference of docs anew, and build the pages as a site, into site/
	$(BIN)/python docs/generate.py
	$(BIN)/mkdocs build --quiet --strict

docs: $(INSTALLED)  ## write the reference and the figures of docs anew, and build the site
	$(MAKE) --no-print-directory demo
	cp $(DEMO)/ccdf.png docs/figures/collage_vs_replication.png
	$(BIN)/python docs/draw_profiles.py
	$(BIN)/python docs/draw_attribution.py
	$(BIN)/strag-sim run scenarios/theory_mm1.yaml --output results/warm-up --set warm_up=auto \
	  --set runs=200 --set requests=20_000 --set arrivals.rate=90
	$(BIN)/strag-sim plot results/warm-up warm-up --output docs/figures/warm-up.png
	$(MAKE) --no-print-directory persistence
	$(BIN)/strag-sim run scenarios/accuracy_at_p99.yaml --output results/accuracy-at-p99
	$(BIN)/strag-sim plot results/accuracy-at-p99 accuracy-p99 \
	  --output docs/figures/accuracy_at_p99.png
	$(BIN)/strag-sim plot decode-gain --output docs/figures/decode-gain.png
	$(BIN)/strag-sim plot $(PUBLISHED) accuracy --output docs/figures/accuracies.png
	$(BIN)/strag-sim plot $(MEASURED) accuracy --output docs/figures/digits.png
	$(MAKE) --no-print-directory site

torch: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[torch]'

test-torch: torch  ## run the tests of the profiler and of trained models, for which torch is installed
	$(BIN)/python -m pytest -m torch

accuracy: torch  ## train the models of the shipped tables of accuracies, and measure them (slow)
	PATH="$(CURDIR)/$(BIN):$$PATH" scripts/train_tables.sh results/accuracy
	$(BIN)/python docs/draw_collage.py results/accuracy

format: $(INSTALLED)  ## put the code into shape
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

clean:  ## remove what can be made again, but no results
	rm -rf $(VENV) *.egg-info build dist site .pytest_cache .ruff_cache .mypy_cache .import_linter_cache \
	  .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
