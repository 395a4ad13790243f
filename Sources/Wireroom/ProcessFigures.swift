// SPDX-License-Identifier: Apache-2.0
internal import API
internal import Glibc

extension ProcessFigures {
    /// Statistics of this process from /proc (proc(5)); `nil` if they are not available.
    static var current: ProcessFigures? {
        // The program name may contain parentheses: fields are counted after the last one, from `state`.
        guard let text = contents(of: "/proc/self/stat"), let bracket = text.lastIndex(of: ")") else {
            return nil
        }
        let fields = text[text.index(after: bracket)...].split(separator: " ")
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let start = Double(fields[19]), let pages = Int(fields[21])
        else { return nil }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        var figures = ProcessFigures()
        figures.residentBytes = pages * Int(sysconf(Int32(_SC_PAGESIZE)))
        figures.processorSeconds = (user + system) / ticks
        figures.startSeconds = bootSeconds + start / ticks
        figures.openDescriptors = openNow
        figures.maximumDescriptors = FileDescriptorLimit.maximum
        return figures
    }

    /// Boot time of the machine, in seconds since the Unix epoch.
    private static let bootSeconds: Double = {
        let line = (contents(of: "/proc/stat") ?? "").split(separator: "\n").first { $0.hasPrefix("btime ") }
        return (line?.split(separator: " ").last).flatMap { Double($0) } ?? 0
    }()

    private static var openNow: Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        // Without `.`, `..` and the descriptor of the directory itself.
        var count = -3
        while readdir(folder) != nil { count += 1 }
        return max(count, 0)
    }

    private static func contents(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 4_096))
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
