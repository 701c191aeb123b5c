# make help | check | fix | golden | fuzz | mutants     The tools come from .venv; BIN= names another place.
BIN ?= .venv/bin
INPUTS ?= 10000
SAMPLE ?= 300
# Of what is drawn by chance: the inputs of `fuzz`, the changes of `mutants`.
SEED ?= 12
# What is held to American spelling.
WRITTEN := src tests docs examples/README.md benchmarks findings tools data .ci README.md CONTRIBUTING.md CHANGELOG.md
DOCS := README.md $(wildcard docs/*.md) $(wildcard examples/*.md)

.PHONY: help check fix golden reference fuzz mutants

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

check: ## everything CI runs; changes nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell $(WRITTEN)
	$(BIN)/python -m pytest -q -n auto --dist loadgroup
	$(BIN)/cog --check -I docs $(DOCS)

fix: ## format, mend lint, write generated output anew
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .
	$(BIN)/cog -r -I docs $(DOCS)

golden: ## write the expected reports under tests/golden anew; read the diff before committing
	UPDATE_GOLDEN=1 $(BIN)/python -m pytest -q tests/test_reports_golden.py

reference: ## write the matcher's frozen answers anew; read the diff before committing
	UPDATE_REFERENCE=1 $(BIN)/python -m pytest -q tests/test_matching.py

fuzz: ## a long hunt for lost rows and crashes: INPUTS=10000 SEED=12; what failed is kept in build/fuzz
	PYTHONPATH=tests $(BIN)/python -m fuzz --inputs $(INPUTS) --seed $(SEED)

# Outside CI: it takes the better part of an hour. `pip install -e '.[mutants]'` brings Cosmic Ray.
mutants: ## change the code at SAMPLE=300 single points (SEED=12) and count those the tests notice
	nice $(BIN)/python tools/mutants.py --sample $(SAMPLE) --seed $(SEED) --least 85
