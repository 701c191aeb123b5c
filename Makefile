# make help | check | fix | expected | fuzz | mutants | findings     The tools come from .venv; BIN= names another place.
BIN ?= .venv/bin
INPUTS ?= 10000
SAMPLE ?= 300
# The seed of what is random: the inputs of `fuzz`, the changes of `mutants`.
SEED ?= 12
# A folder of real PDF filings that `fuzz` damages instead of the made-up ones.
PDFS ?=
# What is checked for American spelling.
WRITTEN := src tests docs examples/README.md benchmarks findings tools data .ci README.md CONTRIBUTING.md CHANGELOG.md
DOCS := README.md $(wildcard docs/*.md) $(wildcard examples/*.md) findings/README.md
# The scripts that `findings` runs.
FINDINGS ?= $(wildcard findings/*.sh)

# Files of expected results, and the tests that compare with them.
EXPECTED := tests/golden tests/filings/expected tests/cases/donor_matches_reference.csv
EXPECTED_BY := tests/test_reports_golden.py tests/test_matching.py tests/filings/test_samples.py

.PHONY: help check fix expected fuzz mutants findings

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

check: ## all checks; changes nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell $(WRITTEN)
	$(BIN)/python -m pytest -q -n auto --dist loadgroup
	$(BIN)/cog --check -I docs $(DOCS)

fix: ## format, fix lint, refresh the generated output in the docs and the man page
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .
	$(BIN)/cog -r -I docs $(DOCS)
	$(BIN)/python tools/make_man.py

expected: ## rewrite the expected results of the tests, and show what changed; read it before committing
	UPDATE_EXPECTED=1 $(BIN)/python -m pytest -q $(EXPECTED_BY)
	git add --intent-to-add $(EXPECTED)
	git --no-pager diff --stat --patch $(EXPECTED)

fuzz: ## search for lost rows and crashes with INPUTS=10000 SEED=12; failures are kept in build/fuzz
	PYTHONPATH=tests $(BIN)/python -m fuzz --inputs $(INPUTS) --seed $(SEED)
	PYTHONPATH=tests $(BIN)/python -m fuzz.forms --seed $(SEED) $(PDFS)

# Not part of CI: it takes almost an hour. `pip install -e '.[mutants]'` brings Cosmic Ray.
mutants: ## change the code at SAMPLE=300 single points (SEED=12), and count the changes that tests notice
	nice $(BIN)/python tools/mutants.py --sample $(SAMPLE) --seed $(SEED) --least 85

# Not part of CI: it installs packages from the network, and takes some minutes.
findings: ## run the scripts of findings/, and say which of them no longer hold
	@failed=0; for script in $(FINDINGS); do \
	    if output=$$(bash "$$script" 2>&1); then word='holds'; else word='no longer holds'; failed=1; fi; \
	    printf '%s: %s: %s\n' "$$word" "$$script" "$$(printf '%s' "$$output" | tail -n 1)"; \
	done; exit $$failed
