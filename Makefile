# The commands of the developer. What they do is in tools/; the environment variables are in `make help`.
PYTHON ?= python3
DEV = $(PYTHON) tools/dev.py

.PHONY: help prepare demo test lint format i18n bench clean distclean
.DEFAULT_GOAL := help

help prepare demo test lint format i18n clean distclean:
	@$(DEV) $@

bench:
	@$(DEV) bench $(BENCH_ARGS)
