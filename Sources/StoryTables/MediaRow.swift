// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import Database
internal import JSON
internal import Stories

// Rows of `media_assets` and `media_uses`.

extension MediaAsset {
    /// The columns of a row, as they are inserted and read.
    static let columns =
        "id, type, bytes, width, height, color, animated, folder, variants, created_at"

    init(_ row: inout Row) {
        let (id, type) = (row.identifier(), MediaType(exactly: row.text()) ?? .jpeg)
        self.init(
            id: id, type: type, bytes: Int(row.integer()), width: Int(row.integer()),
            height: Int(row.integer()), color: row.text(), isAnimated: row.bool(), folder: row.text(),
            variants: row.variants(), createdAt: row.timestamp())
    }

    /// The bytes of all files.
    var totalBytes: Int { variants.reduce(0) { $0 + $1.bytes } }

    /// The files as they are stored: a JSON array.
    var variantColumn: String {
        var writer = JSONWriter()
        writer.array { writer in
            for variant in variants {
                writer.object {
                    $0.member("name", variant.name)
                    $0.member("type", variant.type.rawValue)
                    $0.member("bytes", variant.bytes)
                    $0.member("checksum", hexadecimal(variant.checksum))
                }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension MediaVariant {
    /// Reads an element of ``MediaAsset/variantColumn``; `nil` if it is damaged.
    fileprivate init?(_ json: JSONValue) {
        guard case .string(let name)? = json["name"], case .string(let kind)? = json["type"],
            case .string(let digits)? = json["checksum"], let type = MediaType(exactly: kind),
            let bytes = json["bytes"]?.integer, let checksum = bytesOfHexadecimal(digits)
        else { return nil }
        self.init(name: name, type: type, bytes: bytes, checksum: checksum)
    }
}

extension Row {
    /// Reads the next column as the media of an update.
    mutating func media() -> [Media] { records(mediaList) }

    /// Reads the next column as the files of an asset; damaged ones are left out, which the rules of the store report.
    fileprivate mutating func variants() -> [MediaVariant] {
        let json = withBytes { try? JSONValue(parsing: Array($0)) }
        guard case .array(let items)? = json else { return [] }
        return items.compactMap { MediaVariant($0) }
    }
}

private let mediaList = MemberForm.list(.object(of: Media.self), atMost: Limits.media)

/// The bytes that lower-case hexadecimal digits stand for; `nil` for anything else.
private func bytesOfHexadecimal(_ text: String) -> [UInt8]? {
    let digits = text.utf8.map { digit -> UInt8? in
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
        guard let high = digits[index], let low = digits[index + 1] else { return nil }
        bytes.append(high << 4 | low)
    }
    return bytes
}

/// Who uses media assets, as a key of `media_uses`: a story, an update in its present state, or a revision.
struct MediaUser {
    /// Row key of the story.
    let story: Int64
    /// Row key of the update, or ``noUpdate`` for the story itself.
    var update = noUpdate
    /// Sequence number of the revision; 0 for the present state.
    var seq: Int64 = 0
}

extension MediaUse {
    /// The SQL condition that nothing uses the asset with this id: neither what editors have written nor a card, as its thumbnail, nor the
    /// settings of the site; of these only the present ones, if it is to be `lostToFormerSites`.
    static func isNone(of id: String, lostToFormerSites: Bool = false) -> String {
        let revisions = lostToFormerSites ? " AND revision = (SELECT max(number) FROM site_revisions)" : ""
        return """
            NOT EXISTS (SELECT 1 FROM media_uses WHERE asset = \(id))
                AND NOT EXISTS (SELECT 1 FROM cards WHERE thumbnail = \(id))
                AND NOT EXISTS (SELECT 1 FROM site_media WHERE asset = \(id)\(revisions))
            """
    }

    /// The uses of one asset, which is given twice. The updates with a card use its thumbnail.
    static let selection = """
        SELECT CASE WHEN m.update_key = \(noUpdate) THEN 'story' WHEN m.seq <> 0 THEN 'revision' WHEN u.key IS NOT NULL THEN 'update'
            WHEN d.key IS NOT NULL THEN 'draft' ELSE 'bin' END, s.id, s.slug, coalesce(u.id, d.id, b.id)
        FROM (
            SELECT story, update_key, seq FROM media_uses WHERE asset = ?
            UNION SELECT x.story, x.update_key, 0 FROM cards AS c JOIN card_uses AS x ON x.card = c.key WHERE c.thumbnail = ?
        ) AS m JOIN stories AS s ON s.key = m.story LEFT JOIN updates AS u ON u.key = m.update_key
            LEFT JOIN drafts AS d ON d.key = m.update_key LEFT JOIN bin AS b ON b.key = m.update_key
        ORDER BY m.story, m.update_key, m.seq
        """

    init(_ row: inout Row) {
        let kind = Kind(exactly: row.text()) ?? .story
        self.init(
            kind, story: row.identifier(), slug: Slug(stored: row.text()), update: row.optionalIdentifier())
    }
}
