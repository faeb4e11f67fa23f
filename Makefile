# make demo · make demo-reset · make test · make check · make bench
PYTHON ?= python3
WORKERS ?= $(shell n=$$(nproc); echo $$((n > 5 ? 6 : n + 1)))
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
export PORT ?= 8000

.PHONY: demo demo-reset test check bench words clean

demo: .venv/.ok            ## The site with demo data; LAN=1 also shows it to phones on this network.
	@.venv/bin/portal demo $(if $(LAN),--lan)

demo-reset: .venv/.ok      ## Throw the demo's data away and load it afresh.
	@.venv/bin/portal demo --reset --no-serve

test: .venv/.tested-with check   ## Everything that can be tested, on both engines and in a real browser.

check: .venv/.tested-with  ## Format, lint, types, import contracts, laws, tests, journeys.
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/pytest -n $(WORKERS) --dist worksteal

bench: .venv/.tested-with  ## Speed as ratios to bare pages in one run.
	.venv/bin/python -m tests.bench

words: .venv/.ok           ## Bring the translations' files up to date with what the code says; then translate what is empty.
	.venv/bin/pybabel -q extract -F pyproject.toml -k N_ --no-location --project=portal --copyright-holder="the authors" -o .venv/messages.pot .
	@for tag in zh_Hans zh_Hant; do \
	  .venv/bin/pybabel -q update --no-fuzzy-matching -N --ignore-obsolete -i .venv/messages.pot -d portal/translations -l $$tag --init-missing; done

.venv/.ok: requirements.lock
	@$(call venv)
	@$(call install,requirements.lock)
	@printf '%s\n' "$(CURDIR)" > "$$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/portal.pth"
	@printf '#!%s\nfrom portal.commands import main\nmain()\n' "$(CURDIR)/.venv/bin/python" > .venv/bin/portal
	@chmod +x .venv/bin/portal
	@touch $@

.venv/.tested-with: .venv/.ok requirements-test.lock
	@$(call install,requirements-test.lock)
	@$(call packages,chromium postgresql fonts-noto-cjk libatomic1)
	@touch $@

clean:
	rm -rf .venv instance

# A Debian python3 may come without venv's own parts: install them, then try again.
define venv
test -x .venv/bin/pip || $(PYTHON) -m venv --clear .venv || \
  { $(call packages,python3-venv) && $(PYTHON) -m venv --clear .venv; }
endef

define install
if command -v uv >/dev/null; then uv pip install --quiet --python .venv --require-hashes --only-binary :all: -r $(1); \
else .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $(1); fi
endef

define packages
dpkg-query -W -f='$${Status}\n' $(1) 2>/dev/null | grep -c '^install ok installed' | grep -qx $(words $(1)) || \
  { $(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $(1); }
endef
