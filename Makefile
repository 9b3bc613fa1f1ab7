# One command per purpose; tasks.py does the work and says what is missing.
PYTHON ?= python3

.PHONY: setup lab test browser-test bench doctor lock clean

setup lab test browser-test bench doctor lock clean:
	@"$(PYTHON)" tasks.py $@
