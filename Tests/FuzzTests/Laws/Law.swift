/// Something that must hold of any bytes at all. Fuzzers look for bytes of which it does not; tests hold it to those that were
/// found, and to a few to begin with.
struct Law: Sendable {
    /// By which it is asked for; also the folder of its inputs in `Fuzzing/Corpus`.
    let name: String
    /// How the bytes break the law; nil where they keep it.
    let breach: @Sendable (_ bytes: [UInt8]) -> String?

    /// All of them.
    static let all = [http, json, bodies, places, page, markdown]
}
