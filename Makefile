# Needs only make and Python 3.11 or newer. bootstrap.py finds the Python, makes .venv and installs from the lock.
# The system's Python where it is new enough: distributions compile theirs with profile-guided optimisation, pyenv by
# default does not. Any other is named: make test PYTHON=python3.13.
SYSTEM = import ensurepip, sys; print(sys.executable if sys.version_info >= (3, 11) else "")
PYTHON ?= $(or $(shell /usr/bin/python3 -c '$(SYSTEM)' 2>/dev/null),python3)
PORT ?= 8000
ARGS ?=
BOOTSTRAP = $(PYTHON) careerplan/local/bootstrap.py
DEV = $(BOOTSTRAP) python
WITH_SERVERS = $(DEV) -m careerplan.local.with_servers
UV_COMPILE = $(DEV) -m uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header pyproject.toml

# Templates of emails are not formatted: white space counts in their text parts.
TEMPLATES = $(filter-out templates/emails,$(wildcard templates/*))
DJANGOFMT = .venv/bin/djangofmt --quiet --indent-width 2 --line-length 120
BIOME = .venv/bin/biome format --indent-style=space --indent-width=2 --line-width=120

.PHONY: help run demo test manage lint format lock faults compose-test systemd-test postgres-majors old-code operator-tasks mutants bench train train-meaning soak screenshots shots docs clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile

run: ## Run Careerplan on this machine until Ctrl-C (PORT=8010 changes the port)
	@$(BOOTSTRAP) run --port $(PORT) $(ARGS)

demo: ## Run it with an example plan, or load that into a running Careerplan
	@$(BOOTSTRAP) demo --port $(PORT) $(ARGS)

test: ## Run the whole test suite with browser tests (ARGS="-n 2 tests/goals")
	@$(BOOTSTRAP) test -n auto --dist loadgroup --durations=20 $(ARGS)

manage: ## Run a management command in the running Careerplan (ARGS="send_reminders")
	@$(BOOTSTRAP) with-servers --running python manage.py $(ARGS)

lint: ## Run all static checks
	@$(DEV) -m ruff check .
	@$(DEV) -m ruff format --check .
	@$(WITH_SERVERS) sh -c '.venv/bin/python -m mypy . && .venv/bin/python manage.py makemigrations --check --dry-run'
	@$(DEV) -c "from importlinter.cli import lint_imports_command as main; main()"
	@$(DEV) -m djlint templates --lint --quiet
	@rm -rf var/formatted && mkdir -p var/formatted && cp -R $(TEMPLATES) var/formatted && $(DJANGOFMT) var/formatted
	@for part in $(notdir $(TEMPLATES)); do diff -ru templates/$$part var/formatted/$$part || exit 1; done
	@$(BIOME) static/css

format: ## Format the code
	@$(DEV) -m ruff check --fix-only .
	@$(DEV) -m ruff format .
	@$(DJANGOFMT) $(TEMPLATES)
	@$(BIOME) --write static/css

lock: ## Compile the three lock files from pyproject.toml
	@$(UV_COMPILE) -o requirements.lock
	@$(UV_COMPILE) -c requirements.lock --extra local -o requirements-local.lock
	@$(UV_COMPILE) -c requirements-local.lock --extra local --extra dev -o requirements-dev.lock

faults: ## Run the fault suite: kill and freeze services while reminders are sent (ARGS="kills --people 2000", mutants, machines)
	@$(DEV) -m tests.faults $(ARGS)

compose-test: ## Start docker-compose.yml for real, upgrade it and restore it (Debian, root; WITHOUT_DOCKER=1 in network namespaces)
	@$(DEV) -m tests.compose $(ARGS)

systemd-test: ## Boot a Debian and install, upgrade and restore with the units of deploy/systemd (root, systemd-nspawn)
	@$(DEV) -m tests.systemd

postgres-majors: ## Move the demo plan from Debian's older PostgreSQL into ours, by the manual (root)
	@$(DEV) -m tests.postgres_majors

old-code: ## Run the code of an earlier commit beside this one, on the tables of this one (ARGS=COMMIT)
	@$(DEV) -m tests.old_code $(ARGS)

operator-tasks: ## Do and time what an operator does on pages by the manual
	@$(DEV) -m tests.operator_tasks

mutants: ## Take one wall away at a time and see that a test notices (ARGS=owner-filter)
	@$(DEV) -m tests.mutants $(ARGS)

bench: ## Run the benchmarks (ARGS=matching, reading, sending, sweeps, timing or pages for a part)
	@$(DEV) -m benchmarks $(ARGS)

soak: ## Run a mixed load for minutes and see what grows (ARGS="--rate 10 --minutes 5")
	@$(DEV) -m benchmarks.soak $(ARGS)

train-meaning: ## Fit the vectors of meaning to an encoder (it says what to install)
	@$(DEV) -m benchmarks.reading.distil $(ARGS)

train: ## Train the model of sentences that ask for a skill, from the labelled adverts in benchmarks/reading
	@$(DEV) -m benchmarks.reading.train

screenshots: ## Take the pictures of the README and of the landing page again
	@$(DEV) -m tests.browser.screenshots $(ARGS)

shots: ## Take every page in every light into var/shots (ARGS="plan goal" takes these)
	@$(DEV) -m tests.browser.shots $(ARGS)

docs: ## Build the documentation as a site in var/site
	@$(DEV) -m mkdocs build --quiet --strict

clean: ## Remove the virtual environment, caches and logs, but not your data in var/
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-results var/log var/static
