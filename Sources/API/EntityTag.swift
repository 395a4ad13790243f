// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import HTTP
internal import Stories

/// Entity tags (RFC 9110 §8.8.3): the version of a thing in quotes.
///
/// A tag may say more behind a point, where the representation also shows what is not the thing's own, such as the
/// reactions of a story. A precondition looks only at the version: an editor's change is not refused because a reader
/// pressed a button.
enum EntityTag {
    /// The tag of a thing at a version.
    static func text(_ version: Version) -> String {
        "\"\(version)\""
    }

    /// The tag, without quotes, of a story with what belongs to others in its representation.
    static func opaque(_ detail: StoryDetail) -> String {
        let counts = detail.reactions.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value)" }
        return "\(detail.version).\(detail.story.seq).\(digest(counts.joined(separator: " ").utf8))"
    }

    /// A few digits that tell contents apart.
    static func digest(_ bytes: some Collection<UInt8>) -> String {
        hexadecimal(sha256(bytes).prefix(6))
    }

    /// A short name for a variant of a page (FNV-1a).
    static func variant(_ text: String) -> String {
        let hash = ("\(API.updateForm)" + text).utf8.reduce(UInt32(2_166_136_261)) {
            ($0 ^ UInt32($1)) &* 16_777_619
        }
        return String(hash, radix: 16)
    }

    /// The precondition of a request (RFC 9110 §13.1). Of `If-None-Match` only `*` makes sense on a write.
    static func precondition(of request: Request) throws(Problem) -> Precondition {
        let isNew = try mustBeNew(request)
        guard let value = request.header(.ifMatch) else { return isNew ? .absent : .none }
        let precondition = value.trimmed.matches("*") ? Precondition.exists : .oneOf(try versions(value))
        // Both must hold (§13.2.2), and nothing is there and not there.
        return isNew ? .oneOf([]) : precondition
    }

    /// Whether the request has `If-None-Match: *`.
    private static func mustBeNew(_ request: Request) throws(Problem) -> Bool {
        guard let value = request.header(.ifNoneMatch) else { return false }
        guard value.trimmed.matches("*") else {
            throw Problem(.badParameter, "If-None-Match on a write takes only *")
        }
        return true
    }

    /// The versions in a list of tags, which may hold commas. Weak tags never match strongly (§8.8.3.2), nor do tags of
    /// others. All of ours are of visible ASCII characters; others are refused.
    private static func versions(_ list: FieldValue) throws(Problem) -> [Version] {
        var (versions, rest) = ([Version](), list.bytes)
        while true {
            // Items of a list may be empty (§5.6.1).
            rest = rest.drop { $0 == comma || isBlank($0) }
            guard !rest.isEmpty else { return versions }
            let isWeak = rest.starts(with: "W/".utf8)
            let quoted = rest.dropFirst(isWeak ? 2 : 0)
            let tag = quoted.dropFirst().prefix { $0 != quote }
            guard quoted.first == quote, tag.endIndex < quoted.endIndex,
                tag.allSatisfy({ (0x21...0x7E).contains($0) })
            else { throw badTags }
            rest = quoted[tag.endIndex...].dropFirst().drop(while: isBlank)
            guard rest.isEmpty || rest.first == comma else { throw badTags }
            let version = tag.prefix { $0 != UInt8(ascii: ".") }
            if !isWeak, let version = Version(bytes: version) { versions.append(version) }
        }
    }

    private static var badTags: Problem {
        Problem(
            .badParameter, "If-Match takes entity tags of visible ASCII characters in double quotes, or *")
    }

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
