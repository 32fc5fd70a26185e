# Every target sets itself up on a machine with Python >= 3.11, make and a
# package index. `make demo` and `make test` are all a newcomer needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
APT_CHROMIUM := apt-get install -y chromium chromium-driver
# What is installed is what was locked, to the byte. An index with files of its
# own has other hashes: `make LOCKED=no` asks for the same versions only.
LOCKED := yes

.PHONY: demo test spark quick check check-python check-sql format lock bench docs clean
.DEFAULT_GOAL := demo

$(VENV)/.run: pyproject.toml constraints.txt requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python >= 3.11 is needed, $(PYTHON) is older. Name another: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Installing Ringfence into $(VENV) (once, a few minutes)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
ifeq ($(LOCKED),yes)
	@$(PIP) --require-hashes --requirement requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
else
	@$(PIP) --constraint constraints.txt --editable .
endif
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo "Installing the test and lint tools"
ifeq ($(LOCKED),yes)
	@$(PIP) --require-hashes --requirement requirements-dev.lock
else
	@$(PIP) --constraint constraints.txt --editable '.[dev]'
endif
	@touch $@

demo: $(VENV)/.run
	@$(BIN)/ringfence demo

# The small marketplace and its build are kept in build/test-cache between runs. Two processes:
# each needs a few GB, and the browser is in one of them. `make test ALONE=yes` runs one.
TOGETHER := $(if $(ALONE),,--numprocesses 2 --dist loadfile --no-loadscope-reorder)
test: $(VENV)/.dev
	@command -v chromium >/dev/null || echo "Chromium is not installed: browser tests will be skipped. On Debian: $(APT_CHROMIUM)"
	@$(BIN)/python -m pytest $(TOGETHER)

# The laws of the engines on Spark itself, two workers in processes of their own; needs Java 17.
# Its server has an environment of its own, so that none of it is in ours.
SERVER := build/spark-venv
ENGINE_TESTS := tests/pipeline/engines tests/laws/test_portable.py
spark: $(VENV)/.dev
	@command -v java >/dev/null || { echo "Java 17 is needed: apt-get install openjdk-17-jre-headless"; exit 1; }
	@test -x $(SERVER)/bin/spark-submit || { $(PYTHON) -m venv $(SERVER) && \
		$(SERVER)/bin/python -m pip install --quiet --disable-pip-version-check pyspark==4.1.3; }
	@export SPARK_HOME=$$($(SERVER)/bin/python -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))'); \
	$$SPARK_HOME/bin/spark-submit --master 'local-cluster[2,1,2048]' \
		--class org.apache.spark.sql.connect.service.SparkConnectServer spark-internal \
		>build/spark.log 2>&1 & \
	trap "kill $$!" EXIT; \
	for second in $$(seq 120); do \
		$(BIN)/python -c 'import socket; socket.create_connection(("localhost", 15002))' 2>/dev/null \
			&& break; sleep 1; done; \
	RINGFENCE_TEST_ENGINE=sc://localhost:15002 $(BIN)/python -m pytest $(ENGINE_TESTS)

# Without the tests that need a marketplace, its build, a fitted model or a browser.
quick: $(VENV)/.dev
	@$(BIN)/python -m pytest -m "not slow"

# Types and SQL take all the time, so they are looked at side by side.
check: $(VENV)/.dev
	@$(MAKE) --no-print-directory --jobs 2 check-python check-sql

check-python: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-sql: $(VENV)/.dev
	$(BIN)/sqlfluff lint --processes 0 queries

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python -m queries
	$(BIN)/python -m dashboard.view_models.sentences

# After a change of pyproject.toml or constraints.txt: hashes of every file of each
# version, whatever its platform. uv has an environment of its own.
LOCK := build/lock/bin/uv pip compile --quiet --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --python-version 3.11 --constraint constraints.txt
lock:
	@$(PYTHON) -m venv build/lock && build/lock/bin/python -m pip install --quiet uv==0.13.9
	@echo 'setuptools>=77' | $(LOCK) --output-file requirements.lock pyproject.toml -
	@echo 'setuptools>=77' | $(LOCK) --output-file requirements-dev.lock --extra dev pyproject.toml -

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

# Into build/docs, strictly: a dead link or anchor ends it. The generator writes
# only below its configuration, hence the move.
docs: $(VENV)/.dev
	@rm -rf docs/.site build/docs && mkdir -p build
	@$(BIN)/zensical build --config-file docs/zensical.toml --clean --strict
	@mv docs/.site build/docs

# The casebook stays: it is what analysts wrote, and nothing can make it again.
clean:
	rm -rf build/world build/ringfence.duckdb* build/test-cache $(VENV)
