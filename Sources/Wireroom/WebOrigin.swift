// SPDX-License-Identifier: Apache-2.0
/// An origin as browsers send it (RFC 6454 §6.2): scheme and host in lower case, a port only if it is not the default port.
struct WebOrigin: Hashable {
    let text: String

    /// `nil` if the text is not such an origin.
    init?(_ text: String) {
        guard let end = text.utf8.firstRange(of: Array("://".utf8)) else { return nil }
        let (scheme, authority) = (text.utf8[..<end.lowerBound], text.utf8[end.upperBound...])
        guard Self.isScheme(scheme), let port = Self.port(of: authority) else { return nil }
        let own = ["http": 80, "https": 443][String(Substring(scheme))]
        guard port == nil || port != own else { return nil }
        self.text = text
    }

    private static func isScheme(_ scheme: Substring.UTF8View) -> Bool {
        guard let first = scheme.first, isLowerCase(first) else { return false }
        return scheme.allSatisfy { isLowerCase($0) || isDigit($0) || "+-.".utf8.contains($0) }
    }

    /// The port of an authority, if it has one; the outer `nil` means that it is not a host and port.
    private static func port(of authority: Substring.UTF8View) -> Int?? {
        let isBracketed = authority.first == UInt8(ascii: "[")
        let mark = isBracketed ? UInt8(ascii: "]") : UInt8(ascii: ":")
        let end = authority.firstIndex(of: mark)
        if isBracketed, end == nil { return nil }
        let host =
            isBracketed
            ? authority.dropFirst()[..<(end ?? authority.endIndex)]
            : authority[..<(end ?? authority.endIndex)]
        var rest = end.map { authority[$0...] } ?? authority[authority.endIndex...]
        if isBracketed { rest = rest.dropFirst() }
        let isHost = host.allSatisfy {
            isLowerCase($0) || isDigit($0)
                || (isBracketed ? $0 == UInt8(ascii: ":") : "-._".utf8.contains($0))
        }
        guard !host.isEmpty, isHost else { return nil }
        if rest.isEmpty { return .some(nil) }
        guard rest.first == UInt8(ascii: ":"), let port = String(Substring(rest.dropFirst())).portNumber
        else {
            return nil
        }
        return port
    }

    private static func isLowerCase(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

extension String {
    /// A valid port number in ASCII digits.
    var portNumber: Int? {
        guard utf8.allSatisfy({ (0x30...0x39).contains($0) }), utf8.first != UInt8(ascii: "0"),
            let number = Int(self),
            (1...65_535).contains(number)
        else { return nil }
        return number
    }

    /// The items of a comma-separated list, trimmed.
    var listItems: [String] {
        split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmingSpaces }
    }
}

extension Arguments {
    /// The items of a comma-separated option, without empty ones or duplicates; `nil` if it is not given.
    func list(_ name: String) throws(CommandError) -> [String]? {
        guard let items = value(name)?.listItems else { return nil }
        var seen: Set<String> = []
        for item in items {
            guard !item.isEmpty else { throw .usage("wireroom: --\(name) has an empty item") }
            guard seen.insert(item).inserted else { throw .usage("wireroom: --\(name) lists \(item) twice") }
        }
        return items
    }

    /// Throws if an option is given that has no effect without another one.
    func requireOption(_ name: String, for dependents: String...) throws(CommandError) {
        guard value(name) == nil else { return }
        for dependent in dependents where value(dependent) != nil {
            throw .usage("wireroom: --\(dependent) has no effect without --\(name)")
        }
    }
}
