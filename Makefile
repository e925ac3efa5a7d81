# What a person types. Only Python 3.11 or later with venv, and make, must be there.
#
#   make run        the portal on http://127.0.0.1:8000 (PORT=8123 make run), until Ctrl-C
#   make test       every test; ARGS="-k hazard" passes options to pytest
#   make bench      how fast the portal is at the size of a city; SCALE=0.02 a small one, ARGS="-k list" some goals
#   make check      linters, types, import rules, migrations, deployment settings, templates, messages
#   make reset      forget everything that `make run` has kept in var/
#   make messages   collect and compile the texts to translate
#   make lock       pin the dependencies of pyproject.toml anew

.DEFAULT_GOAL := run
.PHONY: run test bench check reset messages lock

BASE := $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p && break; done)
PYTHON := .venv/bin/python
LOCAL := $(PYTHON) -m safegrid.local

# A stamp carries the checksum of the lock it was installed from: nothing touches the network until the lock changes.
RUN_STAMP := .venv/run-$(shell cksum < requirements/local.txt | tr -d ' ')
DEV_STAMP := .venv/dev-$(shell cksum < requirements/dev.txt | tr -d ' ')
# What is installed for development is enough to run.
SETUP := $(if $(wildcard $(DEV_STAMP)),$(DEV_STAMP),$(RUN_STAMP))

# `exec`: signals reach the program itself, and no shell outlives it.
run: $(SETUP)
	@exec $(LOCAL) run

reset: $(SETUP)
	@exec $(LOCAL) reset

test: $(DEV_STAMP)
	@sh tools/test_packages.sh
	@exec $(LOCAL) exec -- $(PYTHON) -m pytest -n 2 --dist loadgroup $(ARGS)

bench: $(DEV_STAMP)
	@exec $(PYTHON) -m bench $(ARGS)

check: $(DEV_STAMP)
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	.venv/bin/lint-imports
	$(PYTHON) -m mypy safegrid responsibility hazards inspections analysis bench
	.venv/bin/djlint --quiet --lint templates
	$(PYTHON) tools/messages.py --check
	$(LOCAL) exec -- $(PYTHON) manage.py makemigrations --check --dry-run
	$(LOCAL) exec -- env DEBUG=false ALLOWED_HOSTS=safegrid.example $(PYTHON) manage.py check --deploy --fail-level WARNING

messages: $(DEV_STAMP)
	$(PYTHON) tools/messages.py

COMPILE := $(PYTHON) -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host pyproject.toml

lock: $(DEV_STAMP)
	$(COMPILE) -o requirements/production.txt
	$(COMPILE) --extra local -c requirements/production.txt -o requirements/local.txt
	$(COMPILE) --extra local --extra dev -c requirements/local.txt -o requirements/dev.txt

$(RUN_STAMP): LOCK = requirements/local.txt
$(DEV_STAMP): LOCK = requirements/dev.txt
$(RUN_STAMP) $(DEV_STAMP):
	@test -n "$(BASE)" || { echo "Python 3.11 or later is needed, and none was found."; exit 1; }
	@"$(BASE)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; $(BASE) is older."; exit 1; }
	@$(PYTHON) -c '' 2>/dev/null || { echo "Setting up Python in .venv …"; "$(BASE)" -m venv --clear .venv; }
	@echo "Installing what $(LOCK) lists …"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	@rm -f .venv/run-* $(if $(findstring dev,$@),.venv/dev-*)
	@touch $@
