// SPDX-License-Identifier: Apache-2.0
@testable import HTTP

extension Property {
    /// The outcome of a connection does not depend on how its bytes are split, is the same for the canonical form of its
    /// requests, and ends at most once: nothing follows an error.
    ///
    /// The first byte selects the limits, the second the splits; the others are the client's.
    static let http = Property(name: "http") { bytes in
        guard bytes.count > 2 else { return nil }
        let wire = bytes[2...]
        var limits = bytes[0] & 1 == 0 ? Limits() : .tiny
        // Less than the limit of the request line.
        if bytes[0] & 2 != 0 { limits.headBytes = 32 }
        let whole = drive([wire], limits)
        let parts = drive(cut(wire, by: bytes[1]), limits)
        guard whole.outcomes == parts.outcomes, whole.hasEndedOutput == parts.hasEndedOutput else {
            return "cut it is \(parts.outcomes), whole it is \(whole.outcomes)"
        }
        let failures = whole.outcomes.indices.filter { whole.outcomes[$0].isFailure }
        if let first = failures.first, first != whole.outcomes.count - 1 || !whole.hasEndedOutput {
            return "an error is not the end: \(whole.outcomes)"
        }
        return whole.requests.lazy.compactMap { violation(of: $0, limits) }.first
    }

    private static func drive(_ parts: [ArraySlice<UInt8>], _ limits: Limits) -> StateDriver {
        var driver = StateDriver(limits: limits)
        for part in parts { driver.receive(part) }
        return driver
    }

    /// Parts of 1 to 16 bytes, pseudo-random by a seed; of one byte each for seed 0.
    private static func cut(_ bytes: ArraySlice<UInt8>, by seed: UInt8) -> [ArraySlice<UInt8>] {
        var (parts, rest, state) = ([ArraySlice<UInt8>](), bytes, UInt32(seed))
        while !rest.isEmpty {
            state = state &* 1_664_525 &+ (seed == 0 ? 0 : 1_013_904_223)
            parts.append(rest.prefix(Int(state >> 28) + 1))
            rest = rest.dropFirst(Int(state >> 28) + 1)
        }
        return parts
    }

    private static func violation(of request: Request, _ limits: Limits) -> String? {
        let (target, body) = (request.target, request.body)
        guard target.utf8.count <= limits.targetBytes, body.count <= limits.bodyBytes,
            request.allHeaders.count <= limits.headerCount
        else { return "a limit is passed: \(target)" }
        let texts =
            request.pathSegments + request.queryItems.flatMap { [$0.name, $0.value] } + [request.host ?? ""]
        if texts.contains(where: { $0.unicodeScalars.contains("\0") }) { return "a NUL in \(target)" }
        if target.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) {
            return "white space or worse in \(target)"
        }
        let plain = "\(request.method) \(target) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n"
        let again = drive([(Array(plain.utf8) + body)[...]], Limits())
        let wanted = StateDriver.Outcome.request(
            "\(request.method) \(target)", body: String(decoding: body, as: UTF8.self))
        return again.outcomes == [wanted] ? nil : "said plainly it is \(again.outcomes), not \(wanted)"
    }
}

extension StateDriver.Outcome {
    fileprivate var isFailure: Bool {
        if case .failure = self { true } else { false }
    }
}

extension Limits {
    /// Small enough for a fuzzer to reach all of them.
    fileprivate static var tiny: Limits {
        var limits = Limits()
        limits.headBytes = 64
        limits.targetBytes = 32
        limits.headerCount = 3
        limits.bodyBytes = 8
        limits.methodBytes = 6
        limits.leadingEmptyLines = 1
        limits.chunkLineBytes = 12
        limits.chunkExtensionBytes = 16
        return limits
    }
}
