// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// One set of compiler settings for every Swift target, so that no target is held to less than another.
let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Tests are not optimised when what they test is (`scripts/test`): that takes longer than it saves, and they would be other tests.
let testSettings = swiftSettings + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

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
        // libpq, loaded at run time.
        .target(name: "CPostgres", linkerSettings: [.linkedLibrary("dl")]),
        // libcurl, loaded at run time; its header is needed to build.
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl")]),
        // Codecs of pictures, loaded at run time by the worker alone; their headers are needed to build.
        .target(name: "CImages", linkerSettings: [.linkedLibrary("dl")]),
        // The files that the program carries within it, by C23's #embed.
        .target(name: "CResources"),

        // Layers that know nothing of one another.
        .target(name: "Threads", swiftSettings: swiftSettings),
        .target(name: "HTTP", dependencies: ["CEpoll", "Threads"], swiftSettings: swiftSettings),
        .target(name: "Database", swiftSettings: swiftSettings),
        .target(name: "Stories", swiftSettings: swiftSettings),
        .target(name: "JSON", swiftSettings: swiftSettings),
        .target(name: "Crypto", dependencies: ["CCrypto"], swiftSettings: swiftSettings),
        .target(name: "Gzip", dependencies: ["CZlib"], swiftSettings: swiftSettings),
        .target(name: "Resources", dependencies: ["CResources"], swiftSettings: swiftSettings),
        .target(name: "Markdown", dependencies: ["CCmark"], swiftSettings: swiftSettings),

        // What joins them.
        .target(name: "SQLite", dependencies: ["Database", "CSQLite"], swiftSettings: swiftSettings),
        .target(
            name: "Postgres", dependencies: ["Database", "CPostgres"], swiftSettings: swiftSettings),
        .target(name: "StoriesJSON", dependencies: ["Stories", "JSON"], swiftSettings: swiftSettings),
        .target(
            name: "Web", dependencies: ["Resources"], exclude: ["Files", "types.d.ts"],
            swiftSettings: swiftSettings),
        .target(name: "Migrations", dependencies: ["Resources"], swiftSettings: swiftSettings),
        .target(
            name: "StoryTables",
            dependencies: ["Database", "Stories", "StoriesJSON", "Migrations", "JSON", "Crypto"],
            swiftSettings: swiftSettings),
        .target(
            name: "SQLiteEngine",
            dependencies: ["StoryTables", "SQLite", "Database", "Stories", "Migrations"],
            swiftSettings: swiftSettings),
        .target(
            name: "PostgresEngine",
            dependencies: ["StoryTables", "Postgres", "Database", "Stories", "Migrations"],
            swiftSettings: swiftSettings),
        .target(name: "Outbound", dependencies: ["HTTP", "CCurl", "Threads"], swiftSettings: swiftSettings),
        .target(name: "Images", dependencies: ["CImages", "Threads"], swiftSettings: swiftSettings),
        .target(name: "Live", dependencies: ["HTTP", "Stories", "Gzip"], swiftSettings: swiftSettings),
        .target(
            name: "MediaFiles", dependencies: ["Crypto", "HTTP", "Threads"], swiftSettings: swiftSettings),
        .target(
            name: "ObjectStorage", dependencies: ["Crypto", "HTTP", "MediaFiles", "Outbound", "Stories"],
            swiftSettings: swiftSettings),
        .target(
            name: "Delivery", dependencies: ["Crypto", "HTTP", "Live", "Outbound", "Stories"],
            swiftSettings: swiftSettings),
        .target(
            name: "Cards", dependencies: ["Delivery", "HTTP", "JSON", "Outbound", "Stories"],
            swiftSettings: swiftSettings),
        .target(
            name: "API",
            dependencies: [
                "Delivery", "HTTP", "Images", "Live", "MediaFiles", "Stories", "StoriesJSON", "JSON",
                "Crypto",
                "Gzip", "Web", "Resources",
            ],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "Wireroom",
            dependencies: [
                "API", "Live", "MediaFiles", "ObjectStorage", "SQLiteEngine", "PostgresEngine", "Postgres",
                "StoryTables", "Database", "Crypto", "HTTP", "Images", "Outbound", "Delivery", "Cards",
                "Stories", "JSON",
                "Markdown", "CMalloc",
            ],
            swiftSettings: swiftSettings),

        // A test target for each, and what they share.
        .target(
            name: "Support", dependencies: ["HTTP", "Stories", "JSON", "CZlib"], path: "Tests/Support",
            swiftSettings: testSettings),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "Support"], swiftSettings: testSettings),
        .testTarget(name: "DatabaseTests", dependencies: ["Database"], swiftSettings: testSettings),
        .testTarget(
            name: "SQLiteTests", dependencies: ["SQLite", "Database", "Support"], swiftSettings: testSettings
        ),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "Support"], swiftSettings: testSettings),
        .testTarget(
            name: "StoriesTests", dependencies: ["Stories", "Support"], swiftSettings: testSettings),
        .target(
            name: "StoreSupport",
            dependencies: [
                "StoryTables", "SQLiteEngine", "SQLite", "PostgresEngine", "Postgres", "Database", "Stories",
                "Support",
            ],
            path: "Tests/StoreSupport", swiftSettings: testSettings),
        .testTarget(
            name: "StoryTablesTests",
            dependencies: ["StoryTables", "Database", "Stories", "StoreSupport", "Support"],
            swiftSettings: testSettings),
        .testTarget(
            name: "SQLiteEngineTests",
            dependencies: [
                "SQLiteEngine", "StoryTables", "SQLite", "Database", "Stories", "Migrations", "StoreSupport",
                "Support",
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "PostgresTests", dependencies: ["Postgres", "Database", "StoreSupport"],
            swiftSettings: testSettings),
        .testTarget(
            name: "PostgresEngineTests",
            dependencies: [
                "SQLiteEngine", "Migrations", "PostgresEngine", "Postgres", "StoryTables", "Database",
                "Stories", "StoreSupport", "Support",
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "OutboundTests", dependencies: ["Outbound", "HTTP", "Support"], swiftSettings: testSettings
        ),
        // Processes that try what the image worker may not do.
        .target(name: "Confinement", dependencies: ["CImages"], path: "Tests/Confinement"),
        .testTarget(
            name: "ImagesTests", dependencies: ["Images", "CImages", "Confinement", "Support", "Wireroom"],
            swiftSettings: testSettings),
        .testTarget(
            name: "ObjectStorageTests",
            dependencies: [
                "ObjectStorage", "MediaFiles", "Crypto", "HTTP", "Outbound", "Stories", "Support",
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "DeliveryTests",
            dependencies: [
                "Delivery", "API", "Outbound", "HTTP", "JSON", "Crypto", "StoryTables", "Database", "Stories",
                "PostgresEngine", "StoreSupport", "Support",
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "MediaFilesTests", dependencies: ["MediaFiles", "Crypto", "HTTP", "Support"],
            swiftSettings: testSettings),
        .testTarget(
            name: "CardsTests",
            dependencies: [
                "Cards", "API", "Delivery", "Outbound", "HTTP", "JSON", "Markdown", "StoryTables", "Database",
                "Stories",
                "StoreSupport", "Support",
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "LiveTests", dependencies: ["Live", "HTTP", "Stories", "Support"],
            swiftSettings: testSettings),
        .testTarget(
            name: "APITests",
            dependencies: [
                "API", "Delivery", "Live", "HTTP", "Images", "MediaFiles", "Stories", "JSON", "SQLiteEngine",
                "SQLite", "Database", "StoryTables", "Markdown", "Crypto", "StoreSupport", "Support",
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "FuzzTests", dependencies: ["HTTP", "JSON", "Stories", "Markdown", "API", "Support"],
            swiftSettings: testSettings),
        .testTarget(
            name: "WireroomTests",
            dependencies: [
                "Wireroom", "Delivery", "Crypto", "Stories", "JSON", "HTTP", "SQLite", "Postgres",
                "StoryTables",
                "Database",
                "Migrations",
                "Resources", "StoreSupport", "Support",
            ],
            swiftSettings: testSettings),
    ],
    cLanguageStandard: .gnu2x
)
