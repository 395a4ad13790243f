// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// A separate package, so that the product does not depend on fuzzing; see `scripts/fuzz`. `Properties` is the same source that
/// the tests in `Tests/FuzzTests` are built from.
let package = Package(
    name: "fuzzing",
    dependencies: [.package(name: "wireroom", path: "..")],
    targets: [
        .executableTarget(
            name: "Fuzzer",
            dependencies: ["HTTP", "JSON", "Stories", "Markdown", "API"].map {
                .product(name: $0, package: "wireroom")
            },
            // libFuzzer has the entry point.
            swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])])
    ]
)
