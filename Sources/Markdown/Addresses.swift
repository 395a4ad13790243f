// SPDX-License-Identifier: Apache-2.0
/// Sanitizes and resolves the URLs of links and images.
struct Addresses {
    /// Prefix for root-relative URLs; may be empty.
    let origin: String

    /// Path of the story pages: the base of relative URLs.
    private static let folder = "/live/"
    private static let unsafeSchemes: Set<String> = ["javascript", "vbscript", "file", "data"]

    /// The target of a link; `nil` if it is not allowed or leads nowhere.
    func link(_ address: [UInt8]) -> [UInt8]? {
        let address = Self.trimmed(address)
        guard !address.isEmpty else { return nil }
        if let scheme = Self.scheme(of: address) {
            guard !Self.unsafeSchemes.contains(scheme) else { return nil }
            let isWeb = scheme == "http" || scheme == "https"
            return isWeb && !Self.namesHost(address.dropFirst(scheme.utf8.count + 1)) ? nil : address
        }
        if address.starts(with: "//".utf8), !Self.namesHost(address[...]) { return nil }
        return resolved(address)
    }

    /// Whether `//`, a host and an optional valid port follow (RFC 3986 §3.2).
    private static func namesHost(_ address: ArraySlice<UInt8>) -> Bool {
        guard address.starts(with: "//".utf8) else { return false }
        let authority = address.dropFirst(2).prefix { !"/?#\\".utf8.contains($0) }
        let hostPort = authority[
            ((authority.lastIndex(of: UInt8(ascii: "@")) ?? authority.startIndex - 1) + 1)...]
        let isBracketed = hostPort.first == UInt8(ascii: "[")
        guard
            let hostEnd = isBracketed
                ? hostPort.firstIndex(of: UInt8(ascii: "]")).map({ $0 + 1 })
                : hostPort.firstIndex(of: UInt8(ascii: ":")) ?? hostPort.endIndex
        else { return false }
        let port = hostPort[hostEnd...].dropFirst()
        guard hostEnd > hostPort.startIndex,
            hostEnd == hostPort.endIndex || hostPort[hostEnd] == UInt8(ascii: ":")
        else {
            return false
        }
        return port.isEmpty
            || (Int(String(decoding: port, as: UTF8.self)).map { (0...65_535).contains($0) } ?? false)
    }

    /// The source of an image; `nil` if its scheme is not allowed. The pages' Content Security Policy allows the same schemes.
    func picture(_ address: [UInt8]) -> [UInt8]? {
        let scheme = Self.scheme(of: Self.trimmed(address))
        guard scheme == nil || scheme == "http" || scheme == "https" else { return nil }
        return link(address)
    }

    private func resolved(_ address: [UInt8]) -> [UInt8] {
        switch address[0] {
        case UInt8(ascii: "#"), UInt8(ascii: "?"): return address
        case UInt8(ascii: "/"):
            let namesHost = address.count > 1 && address[1] == UInt8(ascii: "/")
            return Array((namesHost ? "https:" : origin).utf8) + address
        default:
            let end =
                address.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? address.count
            return Array((origin + Self.folder).utf8) + Self.withoutDots(address[..<end]) + address[end...]
        }
    }

    /// Resolves a relative path below `folder`, removing dot segments (RFC 3986 §5.2.4); `..` cannot leave the folder.
    private static func withoutDots(_ path: ArraySlice<UInt8>) -> [UInt8] {
        var segments: [ArraySlice<UInt8>] = []
        let all = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for (index, segment) in all.enumerated() {
            let isUp = segment.elementsEqual("..".utf8)
            if isUp { segments = segments.dropLast() }
            guard isUp || segment.elementsEqual(".".utf8) else {
                segments.append(segment)
                continue
            }
            if index == all.count - 1 { segments.append([]) }
        }
        return Array(segments.joined(separator: [UInt8(ascii: "/")]))
    }

    /// Removes what browsers ignore: leading control characters and spaces, and any tabs and newlines (URL Standard §4.4).
    private static func trimmed(_ address: [UInt8]) -> [UInt8] {
        Array(address.drop { $0 <= 0x20 }.filter { ![0x09, 0x0A, 0x0D].contains($0) })
    }

    /// The scheme in lower case.
    private static func scheme(of address: [UInt8]) -> String? {
        let scheme = address.prefix { $0.isASCIIAlphanumeric || "+.-".utf8.contains($0) }
        guard let first = scheme.first, first.isASCIIAlphanumeric, scheme.count < address.count,
            address[scheme.count] == UInt8(ascii: ":")
        else { return nil }
        return String(decoding: scheme, as: UTF8.self).lowercased()
    }
}

extension UInt8 {
    var isASCIIAlphanumeric: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }
}
