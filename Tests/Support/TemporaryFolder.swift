// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A temporary folder that is removed on deallocation.
public final class TemporaryFolder: Sendable {
    /// Its path, without a trailing slash.
    public let path: String

    /// Creates a new folder.
    public init() throws {
        path = FileManager.default.temporaryDirectory.path + "/wireroom-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file in it.
    public func file(_ name: String) -> String {
        path + "/" + name
    }
}
