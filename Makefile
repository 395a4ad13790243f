# SPDX-License-Identifier: Apache-2.0
# Shortcuts for the scripts.
.PHONY: run test properties build lint format bench responsiveness abuse matrix shared soak image-check screenshots fuzz schemathesis crash engines tsan asan release

run:
	scripts/run

test:
	scripts/test

# The feed's property test at full length; scripts/test runs a fifth of it.
properties:
	WIREROOM_PROPERTY_EDITS=10000 swift test --filter 'FeedPropertyTests|ClusterTests'

# The crash test with all kills; scripts/test runs a quarter of them.
crash:
	WIREROOM_KILLS=200 swift test --filter CrashTests

# The tests of the API on every engine, one after another; scripts/test runs those of the store on each, and these on SQLite.
engines:
	WIREROOM_EVERY_ENGINE=1 swift test --no-parallel --filter APITests

build:
	swift build -c release --product wireroom

lint:
	swift format lint --strict --recursive --configuration .swift-format Package.swift Sources Tests Fuzzing

format:
	swift format --in-place --recursive --configuration .swift-format Package.swift Sources Tests Fuzzing

bench:
	scripts/bench

responsiveness:
	scripts/responsiveness

# All attacks, each for two seconds; scripts/test runs half of them, chosen by a seed, and most for one.
abuse:
	WIREROOM_ATTACK_SECONDS=2 scripts/check-clients abuse

# Every page by each transport; scripts/test opens each by one.
matrix:
	scripts/check-clients matrix

# Shared long polls with all readers; scripts/test has fewer.
shared:
	WIREROOM_SHARED_READERS=5000 scripts/check-clients shared

soak:
	scripts/soak

image-check:
	scripts/image-check

screenshots:
	scripts/screenshots

fuzz:
	scripts/fuzz

schemathesis:
	WIREROOM_SCHEMATHESIS_REQUESTS=20000 scripts/check-clients schemathesis

tsan:
	scripts/sanitize thread

asan:
	scripts/sanitize address

# make release VERSION=1.2.3 shows what a release would change; scripts/release 1.2.3 makes it.
release:
	scripts/release $(VERSION) --dry-run
