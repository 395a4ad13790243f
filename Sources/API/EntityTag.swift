// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import HTTP
internal import Stories

/// Entity tags (RFC 9110 §8.8.3): the version of a resource in quotes.
///
/// A tag has a suffix after a period where the representation includes other state, such as the reactions to a story.
/// Preconditions compare only the version: an edit is not rejected because a reader reacted in the meantime.
enum EntityTag {
    /// Returns the tag of a resource at a version.
    static func text(_ version: Version) -> String {
        "\"\(version)\""
    }

    /// Returns the unquoted tag of a story, which also covers its sequence number and reaction counts.
    static func opaque(_ detail: StoryDetail) -> String {
        let counts = detail.reactions.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value)" }
        return "\(detail.version).\(detail.story.seq).\(digest(counts.joined(separator: " ").utf8))"
    }

    /// Returns a short digest of content: 48 bits of its SHA-256 in hexadecimal.
    static func digest(_ bytes: some Collection<UInt8>) -> String {
        hexadecimal(sha256(bytes).prefix(6))
    }

    /// Returns a tag of content whose SHA-256 is known: 128 bits of it in hexadecimal.
    static func digest(ofChecksum checksum: [UInt8]) -> String { hexadecimal(checksum.prefix(16)) }

    /// Returns a short name for a variant of a representation (FNV-1a).
    static func variant(_ text: String) -> String {
        let hash = ("\(API.updateForm)" + text).utf8.reduce(UInt32(2_166_136_261)) {
            ($0 ^ UInt32($1)) &* 16_777_619
        }
        return String(hash, radix: 16)
    }

    /// Returns the precondition of a write (RFC 9110 §13.1), on which `If-None-Match` accepts only `*`.
    static func precondition(of request: Request) throws(Problem) -> Precondition {
        let isNew = try mustBeNew(request)
        guard let value = request.header(.ifMatch) else { return isNew ? .absent : .none }
        let precondition = value.trimmed.matches("*") ? Precondition.exists : .oneOf(try versions(value))
        // Both must hold (§13.2.2), which is impossible: an empty list never matches.
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

    /// Returns the versions in a list of tags, which may contain commas. Weak tags (§8.8.3.2) and tags of other servers match
    /// nothing. Ours are visible ASCII; tags with other characters are rejected.
    private static func versions(_ list: FieldValue) throws(Problem) -> [Version] {
        var (versions, rest) = ([Version](), list.bytes)
        while true {
            // List elements may be empty (§5.6.1).
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
