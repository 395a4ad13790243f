// SPDX-License-Identifier: Apache-2.0
/// A property that must hold for any bytes. Fuzzers look for counterexamples; tests check it on the corpus, which includes past
/// findings.
struct Property: Sendable {
    /// Its name, also of its corpus folder in `Fuzzing/Corpus`.
    let name: String
    /// How the bytes violate the property; nil if they satisfy it.
    let violation: @Sendable (_ bytes: [UInt8]) -> String?

    /// All properties.
    static let all = [http, json, bodies, positions, page, markdown, multipart]
}
