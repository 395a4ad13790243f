import Testing

@testable import HTTP

/// One input to a connection, and what must come of it: over the state machine and over a real socket.
struct Sample: CustomTestStringConvertible, Sendable {
    /// Where it is written, and what about: `RFC 9112 §3.2: two Hosts`.
    let rule: String
    let input: [UInt8]
    let outcomes: [StateDriver.Outcome]
    /// Whether nothing that follows on the connection is looked at.
    private(set) var isLast = false

    var testDescription: String { rule }

    /// The same with the connection ended by the server after the last answer.
    var closing: Sample {
        var sample = self
        sample.isLast = true
        return sample
    }

    /// Input that is accepted as these requests, after which the connection is kept.
    static func accepts(_ rule: String, _ input: String, _ outcomes: StateDriver.Outcome...) -> Sample {
        Sample(rule: rule, input: Array(input.utf8), outcomes: outcomes)
    }

    /// Input that is refused, after these outcomes, with this status and a sentence that has these words. That is the last
    /// answer on its connection (RFC 9112 §9.6).
    static func rejects(
        _ rule: String, _ input: String, _ status: Int, _ words: String, after: StateDriver.Outcome...
    ) -> Sample {
        rejects(rule, Array(input.utf8), status, words, after: after)
    }

    /// The same for input that is no text.
    static func rejects(
        _ rule: String, _ input: [UInt8], _ status: Int, _ words: String, after: [StateDriver.Outcome] = []
    ) -> Sample {
        Sample(rule: rule, input: input, outcomes: after + [.failure(status, words)], isLast: true)
    }

    /// All of them.
    static let all = accepted + rejected + lines + fields + frames + chunkSamples + connections

    /// The input in parts of one byte, or of 97 where it is long: samples about limits are.
    var crumbs: [ArraySlice<UInt8>] {
        let size = input.count > 2000 ? 97 : 1
        return stride(from: 0, to: input.count, by: size).map { input[$0..<min($0 + size, input.count)] }
    }
}

extension StateDriver.Outcome {
    /// Whether it is the same, or a failure of the status wanted with a sentence that has the words wanted.
    func fits(_ wanted: Self) -> Bool {
        guard case .failure(let status, let detail) = self, case .failure(status, let words) = wanted else {
            return self == wanted
        }
        return detail.contains(words)
    }
}
