// swift-tools-version: 6.2
import PackageDescription

/// A package of its own, so that nothing of the product has to know of fuzzing; see `scripts/fuzz`. What must hold, `Laws`, is
/// the same source that the tests in `Tests/FuzzTests` are built of.
let package = Package(
    name: "fuzzing",
    dependencies: [.package(name: "wireroom", path: "..")],
    targets: [
        .executableTarget(
            name: "Fuzzer",
            dependencies: ["HTTP", "JSON", "Stories", "Markdown", "API"].map {
                .product(name: $0, package: "wireroom")
            },
            // The entry point is libFuzzer's.
            swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])])
    ]
)
