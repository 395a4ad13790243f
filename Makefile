# Names for the scripts, which do the work.
.PHONY: run test build lint format bench soak image-check

run:
	scripts/run

test:
	scripts/test

build:
	swift build -c release --product wireroom

lint:
	swift format lint --strict --recursive --configuration .swift-format Package.swift Migrations Sources Tests

format:
	swift format --in-place --recursive --configuration .swift-format Package.swift Migrations Sources Tests

bench:
	scripts/bench

soak:
	scripts/soak

image-check:
	scripts/image-check
