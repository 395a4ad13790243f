// SPDX-License-Identifier: Apache-2.0
internal import CResources

/// A file that the program carries within it, embedded by the compiler from the table that `scripts/embed` writes.
public struct Resource: @unchecked Sendable {
    /// Its path from the root of the repository.
    public let path: String
    /// Its bytes, in static memory: they are never copied and never freed.
    public let bytes: UnsafeBufferPointer<UInt8>

    /// Every embedded file, ordered by path.
    public static let all = UnsafeBufferPointer(start: resource_table(), count: resource_count()).map {
        Resource(
            path: String(cString: $0.path), bytes: UnsafeBufferPointer(start: $0.bytes, count: $0.length))
    }

    /// The bytes of a file that must be there: a path that is not embedded is a mistake in the program.
    public static func bytes(of path: String) -> UnsafeBufferPointer<UInt8> {
        guard let resource = all.first(where: { $0.path == path }) else {
            preconditionFailure("\(path) is not embedded: run scripts/embed")
        }
        return resource.bytes
    }
}
