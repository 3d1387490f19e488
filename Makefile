# Every verb sets up what it needs: an interpreter is found, the environment is made from the lock file, dbt is parsed.
PYTHON_FOUND := $(shell for p in python3.13 python3.12 python3.11 python3; do \
  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
PYTHON := $(VENV)/bin/python
DBT_FILES := $(shell find dbt_project -path dbt_project/target -prune -o -type f \( -name '*.sql' -o -name '*.yml' -o -name '*.csv' -o -name '*.md' \) -print)
MANIFEST := dbt_project/target/manifest.json
DOCS := dbt_project/target/docs
# What dbt has read holds for these files in this folder: with one less, or elsewhere, it is read anew.
DBT_LIST := $(sort $(CURDIR) $(DBT_FILES))
_ := $(shell printf '%s\n' $(DBT_LIST) | cmp -s - dbt_project/target/files.txt || rm -rf dbt_project/target)

export COMPANY COMPANIES GROUP REPORT_DATE KNOWN_BY FULL ENGINE SPARK_REMOTE SPARK_MASTER SPARK_THREADS DATA_DIR WAREHOUSE_DIR MEMORY_LIMIT KEPT_PUBLICATIONS BOOK BOOK_SCOPES PUBLISH_DATABASE UI_HOSTS DIGEST_RECIPIENTS BOOK_ADDRESS
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := 1
# Bytecode halves the start of every command; some machines switch it off.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup spark spark-cluster company check nightly run-night group test test-quick dev bench versions republish digest backfill withdraw quarantine docs lint lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

setup: $(VENV)/.installed $(if $(filter spark,$(ENGINE)),$(VENV)/.spark) $(MANIFEST) ## make the environment, without running anything
	@:

spark: setup $(VENV)/.spark ## install what ENGINE=spark needs besides Java, half a gigabyte
	@:

spark-cluster: spark ## a Spark cluster on loopback (master, two workers, Connect server) until Ctrl-C: PORT=15002
	@$(PYTHON) -m pipelines.spark.cluster $(if $(PORT),--port "$(PORT)")

# The night ends with 0 (published), 1 (blocked) or 2 (wrong set-up). Make itself ends with 2 whenever a command fails; only its
# question mode can end with 1. So `make nightly` runs in that mode: lines with + run all the same, and one without + says "1".
ifeq ($(MAKECMDGOALS),nightly)
MAKEFLAGS += -q
NIGHT_STATUS := $(shell mktemp)
endif

nightly: run-night ## one night: COMPANY, REPORT_DATE, DATA_DIR, WAREHOUSE_DIR (all optional); FULL=1 builds everything again
	$(eval STATUS := $(shell cat "$(NIGHT_STATUS)"; rm -f "$(NIGHT_STATUS)"))
	$(if $(filter 0 1 130,$(STATUS)),,$(error the set-up is wrong: see above))
	$(if $(filter 1 130,$(STATUS)),@blocked)

run-night:
	+@{ MAKEFLAGS= $(MAKE) --no-print-directory setup && $(PYTHON) -m pipelines.nightly; echo $$? > "$(NIGHT_STATUS)"; }

check: setup ## what COMPANY makes of the files in DATA_DIR, in seconds: rows, quarantine, KPIs and rules that become available
	@$(PYTHON) -m pipelines.check

company: setup ## a first draft of a company's file from its files (FOLDER=...) or its database (DATABASE=<variable with the address>): NAME=...
	@$(PYTHON) -m pipelines.drafting $(if $(DATABASE),--database "$(DATABASE)","$(FOLDER)") --name "$(NAME)"

group: setup ## one set of figures of several companies, from what each published last: GROUP=path/to/group.yaml
	@$(PYTHON) -m pipelines.groups

test: setup ## all tests: the quick ones first, then whole nights
	@$(PYTHON) -m pytest -m "not slow" -n 2 --dist loadfile && $(PYTHON) -m pytest -m slow -n 2 --dist loadfile --no-loadscope-reorder

test-quick: setup ## tests that take less than a minute together
	@$(PYTHON) -m pytest -m "not slow" -n 2 --dist loadfile

dev: setup ## the Dagster UI on http://127.0.0.1:3000 (PORT=...) of COMPANY, or of several: COMPANIES=a,b or a folder of their files
	@$(PYTHON) -m pipelines.dev $(if $(PORT),--port "$(PORT)")

bench: setup ## time and memory per step at LINES invoice lines (default 10,000,000), beside one plain script; DAYS=n: the nights after it; ENGINE=spark: the same night on a Spark cluster of this machine; SMALL=1: the fixed cost; EINVOICES=20000: as many e-invoices; MATCHING=1000000: as many receipts against five open items each; DATABASES=10000000: rows of two database servers
	@$(PYTHON) -m tests.bench $(if $(SMALL),--small) $(if $(EINVOICES),--einvoices $(EINVOICES)) $(if $(MATCHING),--matching $(MATCHING)) $(if $(DATABASES),--databases $(DATABASES)) $(if $(LINES),--lines $(LINES)) $(if $(filter spark,$(ENGINE)),--spark) $(if $(DAYS),--days $(DAYS))

versions: setup ## the kept publications of COMPANY, or of GROUP
	@$(PYTHON) -m $(if $(GROUP),pipelines.groups,pipelines.nightly) --versions

republish: setup ## make a kept publication the published one again: VERSION=...
	@$(PYTHON) -m $(if $(GROUP),pipelines.groups,pipelines.nightly) --republish "$(VERSION)"

digest: setup ## send the digest of the published figures now: DIGEST_RECIPIENTS
	@$(PYTHON) -m pipelines.digest

withdraw: setup ## take a delivery back: DELIVERY=<path below the data folder, or id> REASON=...
	@$(PYTHON) -m pipelines.nightly --withdraw "$(DELIVERY)" --reason "$(REASON)"

quarantine: setup ## the rows of the last night that stand in quarantine, published or not
	@$(PYTHON) -m pipelines.nightly --quarantine

backfill: setup ## a night for every report date from REPORT_DATE to UNTIL
	@$(PYTHON) -m pipelines.nightly --until "$(UNTIL)"

docs: setup ## dbt's page of every model, its columns and what it reads
	@mkdir -p $(DOCS) && cp $(MANIFEST) $(DOCS) && WAREHOUSE_BUILD_FILE=$(DOCS)/docs.duckdb $(VENV)/bin/dbt docs generate \
	  --static --empty-catalog --no-compile --quiet --project-dir dbt_project --profiles-dir dbt_project --target-path target/docs
	@echo "written: $(DOCS)/static_index.html"

lint: setup ## style of the Python code
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .

lock: setup ## make the lock file again from pyproject.toml
	@$(PYTHON) -m pip install --quiet uv && $(VENV)/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links --upgrade --output-file requirements.lock
	@$(VENV)/bin/uv pip compile pyproject.toml --group dev --extra spark --universal --python-version 3.11 --constraint requirements.lock \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet | grep -vxFf requirements.lock > requirements-spark.lock

clean: ## remove the environment and everything dbt made
	@rm -rf $(VENV) dbt_project/target dbt_project/logs

$(VENV)/.installed: requirements.lock
	@test -n "$(PYTHON_FOUND)" || { echo "Python 3.11, 3.12 or 3.13 is needed and was not found" >&2; exit 2; }
	@echo "making the environment (once, a minute or two)"
	@$(PYTHON_FOUND) -m venv $(VENV)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@touch $@

$(VENV)/.spark: $(VENV)/.installed requirements-spark.lock
	@echo "installing Spark (once)"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --requirement requirements.lock --requirement requirements-spark.lock
	@touch $@

$(MANIFEST): $(VENV)/.installed $(DBT_FILES)
	@echo "reading the dbt project"
	@$(PYTHON) -m pipelines.dbt
	@printf '%s\n' $(DBT_LIST) > dbt_project/target/files.txt && touch $@
