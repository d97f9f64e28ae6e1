# `make help` lists what there is to do.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PORT ?= 5000
BIN := .venv/bin

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run ## Set everything up and serve on 127.0.0.1:5000 (PORT=… for another), with an inbox page
	@PORT=$(PORT) deploy/run-here

classroom: .venv/run ## Serve for a class in this network: made-up people, nothing sent (HOST=… to name this machine)
	@OTPAPP_MODE=classroom HOST=$(HOST) PORT=$(PORT) MAKE_TARGET=classroom deploy/run-here

test: .venv/dev ## Set everything up and run every test (ARGS="-k code" for some)
	@tests/get-servers
	@$(BIN)/pytest --numprocesses auto --dist worksteal $(ARGS)

check: lint types architecture templates coverage ## Check style, types, floors, templates and what tests reach

lint: .venv/dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/dev
	@$(BIN)/mypy

architecture: .venv/dev
	@$(BIN)/pytest tests/test_architecture.py

templates: .venv/dev
	@$(BIN)/djlint --lint --quiet templates

coverage: .venv/dev ## Say which lines and branches of otp, models and rules no test of theirs reaches
	@tests/get-servers
	@$(BIN)/pytest --numprocesses auto -k "not postgresql or test_begin" --cov --cov-report term-missing \
		tests/otp tests/models tests/rules tests/web/test_redirects.py

mutants: .venv/dev ## Change the rules in small ways: which does no test see? (ARGS=otpapp/rules/limits.py for one)
	@$(BIN)/python -m tests.mutants $(ARGS)

format: .venv/dev ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: .venv/run ## Write docs/settings.md from the code
	@$(BIN)/python -m otpapp.settings.page > docs/settings.md

migrate: .venv/run ## Bring the database up to date
	@$(BIN)/flask db upgrade

soak: .venv/dev ## Attack and break it for hours (CI does so for minutes)
	@tests/get-servers
	@$(BIN)/pytest tests/hold tests/web/test_fuzz.py --soak $(ARGS)

bench: .venv/dev ## Measure, side by side with peers
	@$(BIN)/python -m bench

clean: ## Remove the environment and the development database
	rm -rf .venv instance .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

.venv/run: requirements.txt
	@deploy/make-venv requirements.txt
	@touch $@

.venv/dev: requirements.txt requirements-dev.txt
	@deploy/make-venv requirements-dev.txt
	@touch .venv/run $@

.PHONY: help run classroom test check lint types architecture templates coverage mutants format migrate soak bench clean docs
