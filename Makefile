# The two commands: `make demo` shows the whole of it, `make test` checks it.
.PHONY: demo test bench peft-check deny mutants build

build:
	cargo build --release --locked -p idiolect

demo: build
	target/release/idiolect demo

test:
	scripts/test

# Figures, not checks: dataset building in messages per second, training in tokens per second.
bench:
	scripts/bench

# Loads an adapter of ours in Python peft and compares the logits. Brings torch, about 3 GB.
peft-check:
	scripts/peft-check

# Licences and advisories of everything linked. Builds cargo-deny the first time.
deny:
	command -v cargo-deny >/dev/null || cargo install --locked cargo-deny
	cargo deny --locked check advisories bans licenses sources

# Tests the tests of the registry and the pipeline, for hours; docs/MUTATION.md explains what survives. Needs
# `cargo install --locked cargo-mutants@27.1.0`.
mutants:
	scripts/mutants
