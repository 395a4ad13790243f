// SPDX-License-Identifier: Apache-2.0
import CEpoll
import Glibc

/// The control groups of this process (cgroups(7)), by which a container's processors and memory are limited.
enum ControlGroup {
    private static let root = "/sys/fs/cgroup"

    /// The contents of a file of the group and of its ancestors in the unified hierarchy (version 2): each may set a limit.
    static func contents(of name: String) -> [String] {
        ancestors(of: path(in: text(ofFile: "/proc/self/cgroup") ?? "")).compactMap {
            text(ofFile: "\(root)\($0)/\(name)")
        }
    }

    /// The contents of a file of a controller (version 1). A container sees its own group as the root.
    static func contents(of name: String, controller: String) -> String? {
        text(ofFile: "\(root)/\(controller)/\(name)")
    }

    /// The path in the unified hierarchy (`0::/system.slice/x`), without a trailing slash.
    static func path(in list: String) -> String {
        let line = list.split(separator: "\n").first { $0.hasPrefix("0::") }  // ascii: the kernel's
        let path = line.map { String($0.dropFirst(3)) } ?? ""
        return path == "/" ? "" : path  // ascii: the kernel's
    }

    /// The path and all its parents: the tightest limit applies.
    static func ancestors(of path: String) -> [String] {
        var paths = [path]
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/") {  // ascii: the kernel's
            rest = rest[..<slash]
            paths.append(String(rest))
        }
        return paths
    }

    /// The beginning of a file of the kernel's, up to a memory page.
    static func text(ofFile path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        return count >= 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
