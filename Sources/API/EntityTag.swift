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
        try requireASCII(value)
        let precondition = value.trimmed == "*" ? Precondition.exists : .oneOf(try versions(value))
        // Both must hold (§13.2.2), and nothing is there and not there.
        return isNew ? .oneOf([]) : precondition
    }

    /// Whether the request has `If-None-Match: *`.
    private static func mustBeNew(_ request: Request) throws(Problem) -> Bool {
        guard let value = request.header(.ifNoneMatch) else { return false }
        try requireASCII(value)
        guard value.trimmed == "*" else {
            throw Problem(.badParameter, "If-None-Match on a write takes only *")
        }
        return true
    }

    /// All of ours are of ASCII.
    private static func requireASCII(_ value: String) throws(Problem) {
        guard value.utf8.allSatisfy({ $0 < 128 }) else {
            throw Problem(.badParameter, "a precondition takes entity tags of ASCII characters")
        }
    }

    /// The versions in a list of tags, which may hold commas. Weak tags never match strongly (§8.8.3.2), nor do tags of
    /// others.
    private static func versions(_ list: String) throws(Problem) -> [Version] {
        var (versions, rest) = ([Version](), Substring(list))
        while true {
            // Items of a list may be empty (§5.6.1).
            rest = rest.drop { $0 == "," || isBlank($0) }
            guard !rest.isEmpty else { return versions }
            let isWeak = rest.hasPrefix("W/")
            let quoted = rest.dropFirst(isWeak ? 2 : 0)
            let tag = quoted.dropFirst().prefix { $0 != "\"" }
            rest = quoted[tag.endIndex...].dropFirst().drop(while: isBlank)
            guard quoted.first == "\"", tag.endIndex < quoted.endIndex, rest.isEmpty || rest.first == ",",
                tag.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else {
                throw Problem(.badParameter, "If-Match takes entity tags in double quotes, or *")
            }
            let version = tag.split(separator: ".", maxSplits: 1).first ?? ""
            if !isWeak, let version = Version(version) { versions.append(version) }
        }
    }

    private static func isBlank(_ character: Character) -> Bool {
        character == " " || character == "\t"
    }
}

extension StringProtocol {
    /// Without the white space around a field's value or a list's item (RFC 9110 §5.6.3).
    var trimmed: String {
        let text = String(self)
        let bytes = text.utf8
        var (start, end) = (bytes.startIndex, bytes.endIndex)
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { bytes.formIndex(after: &start) }
        while start < end {
            let last = bytes.index(before: end)
            guard bytes[last] == 0x20 || bytes[last] == 0x09 else { break }
            end = last
        }
        return String(text[start..<end])
    }
}
