# Two commands matter: `make demo` and `make test`. Each builds its own environment.
PYTHON ?= python3
PYTEST_ARGS ?=
# One more than there are cores: tests of pages wait for a browser much of their time.
WORKERS ?= $(shell $(PYTHON) -c 'import os; cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1; print(cores + 1)')

UV_COMPILE = .venv-lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade
VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
WHEEL = dist/yanzhen-$(VERSION)-py3-none-any.whl
SOURCES = $(shell find src -not -name '__pycache__' -not -name '*.py[cod]' -not -name '*.nb[ci]')

.PHONY: help demo test test-oldest test-extras docs lock release bill-of-materials clean
.DELETE_ON_ERROR:
.SECONDARY:

help: ## Show these commands
	@echo 'make COMMAND, where COMMAND is one of'
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' Makefile

demo: .venv-demo/ready ## Make the plan for China's provinces, in the folder demo
	@echo '==> Making the plan for 31 provinces and 17 manufacturing industries'
	@.venv-demo/bin/yanzhen demo --out demo --lang zh

test: .venv-test/wheel ## Run every test, on the built wheel
	@echo '==> Testing (ruff, mypy, the documentation and the built wheel are among the tests)'
	YANZHEN_TESTED_WHEEL=$(WHEEL) .venv-test/bin/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

test-oldest: .venv-oldest/wheel ## Run every test on the oldest supported version of every dependency
	@echo '==> Testing on the lower bounds of pyproject.toml (locks/oldest.txt)'
	YANZHEN_TESTED_WHEEL=$(WHEEL) .venv-oldest/bin/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

test-extras: .venv-test/wheel ## Try the built wheel with each extra alone, and with none
	@.venv-test/bin/python scripts/try_extras.py $(WHEEL)

docs: .venv-test/wheel ## Build the documentation in both languages, in docs/_build/html
	@.venv-test/bin/python docs/build.py

lock: .venv-lock/ready ## Pin every dependency anew, in the folder locks
	@mkdir -p locks
	@$(UV_COMPILE) --extra maps --group build -o locks/demo.txt
	@$(UV_COMPILE) --extra test --group build -o locks/test.txt
	@$(UV_COMPILE) --resolution lowest-direct --extra test --group build -o locks/oldest.txt
	@! grep -nE '(file|https?)://|^-' locks/*.txt
	@! grep -nE '^(torch|nvidia-)' locks/*.txt
	@wc -l locks/*.txt

release: .venv-test/packages ## Build what is published, in the folder dist: the source, the wheel made from it, checksums
	@.venv-test/bin/python -m build --no-isolation --outdir dist . > /dev/null
	@cd dist && sha256sum yanzhen-$(VERSION).tar.gz yanzhen-$(VERSION)-py3-none-any.whl | tee yanzhen-$(VERSION).sha256

bill-of-materials: .venv-bill/ready ## Write what a release is made of (CycloneDX), and audit it on the network
	@.venv-bill/bin/python scripts/make_bill_of_materials.py

clean: ## Remove the environments and everything that was made
	rm -rf .venv-demo .venv-test .venv-oldest .venv-lock .venv-bill demo dist docs/_build docs/en/reference/modules
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests scripts -name __pycache__ -prune -exec rm -rf {} +

# --- environments: the packages of a lock file, then Yanzhen itself

.venv-%/packages: locks/%.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Yanzhen needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)." ; \
	  echo 'Name another: make $(MAKECMDGOALS) PYTHON=python3.12' ; exit 1 ; }
	@echo '==> Making the environment .venv-$* from locks/$*.txt (once; a few minutes)'
	@$(PYTHON) -m venv --clear .venv-$* || { \
	  echo 'Python cannot make environments here; on Debian: apt-get install python3-venv' ; exit 1 ; }
	@.venv-$*/bin/python -m pip install -qq --no-deps --require-hashes -r locks/$*.txt
	@touch $@

.venv-demo/ready: .venv-demo/packages pyproject.toml
	@.venv-demo/bin/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

.venv-test/wheel .venv-oldest/wheel: .venv-%/wheel: $(WHEEL) .venv-%/packages
	@echo '==> Installing the built wheel'
	@.venv-$*/bin/python -m pip install -qq --no-deps --force-reinstall $(WHEEL)
	@touch $@

$(WHEEL): .venv-test/packages pyproject.toml README.md LICENSE $(SOURCES)
	@echo '==> Building the wheel'
	@.venv-test/bin/python -m build --wheel --no-isolation --outdir dist . > /dev/null
	@touch $@

.venv-lock/ready:
	@$(PYTHON) -m venv --clear .venv-lock
	@.venv-lock/bin/python -m pip install -qq uv
	@touch $@

.venv-bill/ready:
	@$(PYTHON) -m venv --clear .venv-bill
	@.venv-bill/bin/python -m pip install -qq cyclonedx-bom pip-audit
	@touch $@
