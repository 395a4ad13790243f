// SPDX-License-Identifier: Apache-2.0
/// What a look at an address has found.
public enum LinkState: Hashable, Sendable {
    /// The server has answered: its status.
    case answered(Int)
    /// The name of the host has no address.
    case noHost
    /// Nothing is known: no answer in time, or an address that is not asked.
    case unknown

    /// Statuses by which a server says that there is nothing; others may be meant for programs only, or pass.
    private static let deadStatuses = [404, 410]

    /// Whether readers would find nothing there.
    public var isDead: Bool {
        switch self {
        case .answered(let status): Self.deadStatuses.contains(status)
        case .noHost: true
        case .unknown: false
        }
    }

    /// Returns the violations in a list of addresses to look at, each with its JSON Pointer below `base`.
    public static func errors(in urls: [String], at base: String) -> [ValidationError] {
        var validator = Validator()
        validator.list(urls, at: base, atMost: Limits.checkedLinks) { validator, url, pointer in
            validator.url(url, at: pointer)
        }
        return validator.errors
    }
}
