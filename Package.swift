// swift-tools-version: 6.2
import PackageDescription

/// One set of compiler settings for every Swift target, so that no target is held to less than another.
let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// What a target may import is what it depends on here; `scripts/test` builds with
/// `--explicit-target-dependency-import-check error`, because a plain build does not look.
let package = Package(
    name: "wireroom",
    products: [
        .executable(name: "wireroom", targets: ["Wireroom"]),
        .library(name: "HTTP", targets: ["HTTP"]),
        // For the package in Fuzzing.
        .library(name: "JSON", targets: ["JSON"]),
        .library(name: "Stories", targets: ["Stories"]),
        .library(name: "Markdown", targets: ["Markdown"]),
        .library(name: "API", targets: ["API"]),
    ],
    targets: [
        // C libraries: module maps and the few inline wrappers that Swift needs, nothing else.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCmark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .target(name: "CEpoll"),

        // Layers that know nothing of one another.
        .target(name: "HTTP", dependencies: ["CEpoll"], swiftSettings: swiftSettings),
        .target(name: "SQLite", dependencies: ["CSQLite"], swiftSettings: swiftSettings),
        .target(name: "Stories", swiftSettings: swiftSettings),
        .target(name: "JSON", swiftSettings: swiftSettings),
        .target(name: "Crypto", dependencies: ["CCrypto"], swiftSettings: swiftSettings),
        .target(name: "Gzip", dependencies: ["CZlib"], swiftSettings: swiftSettings),
        .target(name: "Web", resources: [.embedInCode("Files")], swiftSettings: swiftSettings),
        .target(name: "Markdown", dependencies: ["CCmark"], swiftSettings: swiftSettings),
        .target(
            name: "Migrations", path: "Migrations",
            resources: [
                .embedInCode("0001_initial.sqlite.sql"), .embedInCode("0002_life.sqlite.sql"),
                .embedInCode("0003_renditions.sqlite.sql"),
                .embedInCode("0004_corrections.sqlite.sql"),
                .embedInCode("0005_visitors.sqlite.sql"),
                .embedInCode("0006_answers.sqlite.sql"),
                .embedInCode("0007_drafts.sqlite.sql"),
                .embedInCode("0008_audit.sqlite.sql"),
                .embedInCode("0009_removals.sqlite.sql"),
                .embedInCode("0010_takedowns.sqlite.sql"),
                .embedInCode("0011_bin.sqlite.sql"),
                .embedInCode("0012_closings.sqlite.sql"),
                .embedInCode("0013_markup.sqlite.sql"),
                .embedInCode("0014_tags.sqlite.sql"),
            ],
            swiftSettings: swiftSettings),

        // What joins them.
        .target(
            name: "SQLiteStore", dependencies: ["SQLite", "Stories", "Migrations", "JSON", "Crypto"],
            swiftSettings: swiftSettings),
        .target(
            name: "API", dependencies: ["HTTP", "Stories", "JSON", "Crypto", "Gzip", "Web"],
            resources: [.embedInCode("openapi.yaml")],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "Wireroom",
            dependencies: ["API", "SQLiteStore", "HTTP", "Stories", "JSON", "Markdown", "CMalloc"],
            swiftSettings: swiftSettings),

        // A test target for each, and what they share.
        .target(
            name: "Support", dependencies: ["HTTP", "Stories", "JSON", "CZlib"], path: "Tests/Support",
            swiftSettings: swiftSettings),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "Support"], swiftSettings: swiftSettings),
        .testTarget(name: "SQLiteTests", dependencies: ["SQLite", "Support"], swiftSettings: swiftSettings),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "Support"], swiftSettings: swiftSettings),
        .testTarget(
            name: "StoriesTests", dependencies: ["Stories", "Support"], swiftSettings: swiftSettings),
        .testTarget(
            name: "SQLiteStoreTests",
            dependencies: ["SQLiteStore", "SQLite", "Stories", "Migrations", "Support"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "APITests",
            dependencies: ["API", "HTTP", "Stories", "JSON", "SQLiteStore", "Markdown", "Crypto", "Support"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "FuzzTests", dependencies: ["HTTP", "JSON", "Stories", "Markdown", "API"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "WireroomTests",
            dependencies: ["Wireroom", "Stories", "JSON", "HTTP", "SQLite", "Support"],
            swiftSettings: swiftSettings),
    ]
)
