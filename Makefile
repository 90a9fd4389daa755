# SPDX-License-Identifier: MIT
# Two commands do everything: `make serve` and `make test`. Both install what they need, and so does `make benchmark`.

RELEASE := .build/release/smmf
SOURCES := Package.swift $(shell find Sources -name '*.swift' -o -name '*.c' -o -name '*.h' -o -path '*/sets/*' 2>/dev/null)

# Whole fleets and thousands of streams run one after the other, so that none of them takes another's processor for a hang.
ALONE := SMMFEndToEndTests|FaultStreamTests|LedgerTests|BreakingTests|SimulatorSlotTests|LlamaCppProcessTests

.PHONY: serve test test-engines provider-matrix count fuzz check format benchmark demo-model clean

serve: $(RELEASE)
	@exec $(RELEASE) serve --config models/demo/smmf.toml --install-engines

# Rebuilt only when a source is newer, so that a second start costs nothing.
$(RELEASE): $(SOURCES)
	@tools/prepare build
	swift build -c release --product smmf
	@touch $@

test:
	@tools/prepare test
	swift build --build-tests
	@tools/prepare test-tools
	swift test --skip-build --disable-xctest --skip '$(ALONE)'
	swift test --skip-build --disable-xctest --no-parallel --filter '$(ALONE)'
	@tools/count

# Real engines: installs each into .build/test-engines (20 GB when all are there) and uses it; ENGINES=mlx,vllm for some.
test-engines: $(RELEASE)
	@tools/prepare build
	@python3 Tests/Engines/run.py --engines '$(ENGINES)'

# Every client dialect against every provider that the simulator plays; writes docs/providers.md. PROVIDERS=openai,spark
# for some.
provider-matrix:
	@tools/prepare build
	swift build
	@python3 Tests/Providers/run.py --providers '$(PROVIDERS)'

# What the data plane's own work costs, in instructions and allocations, against tools/count-thresholds.
count:
	@tools/count

# All fuzz targets, each for TIME seconds or RUNS executions: make fuzz TIME=600
fuzz:
	@TIME=$(TIME) RUNS=$(RUNS) Fuzz/run

# ROUNDS=1 takes a quick look; five rounds take about half an hour.
benchmark: $(RELEASE) .build/benchmark/engine
	@tools/prepare benchmark
	@python3 Benchmarks/run.py

.build/benchmark/engine: Benchmarks/engine/engine.c
	@mkdir -p $(@D)
	cc -O2 -Wall -Wextra -o $@ $<

check:
	@dev/check

format:
	@dev/format

demo-model:
	@tools/prepare python
	python3 tools/demo-model/build.py

clean:
	rm -rf .build
