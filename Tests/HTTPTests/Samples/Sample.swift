// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP

/// An input and its expected outcome, for the state machine and over a real socket.
struct Sample: CustomTestStringConvertible, Sendable {
    /// The section and the case: `RFC 9112 §3.2: two Hosts`.
    let rule: String
    let input: [UInt8]
    let outcomes: [StateDriver.Outcome]
    /// Whether later input on the connection is ignored.
    private(set) var isLast = false

    var testDescription: String { rule }

    /// The same with the connection closed by the server after the last response.
    var closing: Sample {
        var sample = self
        sample.isLast = true
        return sample
    }

    /// Input that is accepted as these requests, after which the connection persists.
    static func accepts(_ rule: String, _ input: String, _ outcomes: StateDriver.Outcome...) -> Sample {
        Sample(rule: rule, input: Array(input.utf8), outcomes: outcomes)
    }

    /// Input that is rejected, after these outcomes, with this status and a detail that contains this text. That is the last
    /// response on its connection (RFC 9112 §9.6).
    static func rejects(
        _ rule: String, _ input: String, _ status: Int, _ words: String, after: StateDriver.Outcome...
    ) -> Sample {
        rejects(rule, Array(input.utf8), status, words, after: after)
    }

    /// The same for input that is not UTF-8.
    static func rejects(
        _ rule: String, _ input: [UInt8], _ status: Int, _ words: String, after: [StateDriver.Outcome] = []
    ) -> Sample {
        Sample(rule: rule, input: input, outcomes: after + [.failure(status, words)], isLast: true)
    }

    /// All samples.
    static let all = accepted + rejected + lines + fields + frames + chunkSamples + connections

    /// The input in parts of one byte, or of 97 if it is long, as samples about limits are.
    var crumbs: [ArraySlice<UInt8>] {
        let size = input.count > 2000 ? 97 : 1
        return stride(from: 0, to: input.count, by: size).map { input[$0..<min($0 + size, input.count)] }
    }
}

extension StateDriver.Outcome {
    /// Whether it is equal, or a failure with the expected status and a detail that contains the expected text.
    func fits(_ wanted: Self) -> Bool {
        guard case .failure(let status, let detail) = self, case .failure(status, let words) = wanted else {
            return self == wanted
        }
        return detail.contains(words)
    }
}
