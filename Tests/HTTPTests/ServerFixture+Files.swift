// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP
import Synchronization

/// Body sizes of the exchanges that a server reported.
final class ExchangeBook: Sendable {
    private let sizes = Mutex<[Int]>([])

    var bodyBytes: [Int] { sizes.withLock { $0 } }

    func note(_ exchange: Exchange) { sizes.withLock { $0.append(exchange.bodyBytes) } }
}

extension OpenDescriptors {
    /// The number of this process's descriptors of files below a folder, also of those that have been removed.
    static func ofFiles(below folder: String) -> Int {
        let links = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return links.count { link in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(link)")
            return target?.hasPrefix(folder + "/") == true
        }
    }
}

extension OpenDescriptors {
    /// The names in a folder.
    static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? ["the folder cannot be read"]
    }
}
