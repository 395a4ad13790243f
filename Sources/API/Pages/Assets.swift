// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import Gzip
internal import HTTP
internal import Live
internal import Stories
internal import Web

/// A file for browsers, held both plain and gzipped.
struct Asset: Sendable {
    /// File name, such as `live.js`.
    let name: String
    /// Path with a digest of the content, so that what it names never changes.
    let path: String
    fileprivate let hashedName: String
    let format: MediaFormat
    private let body: [UInt8]
    private let packed: [UInt8]
    private let tag: String

    init(_ name: String, _ format: MediaFormat, _ body: [UInt8], isPacked: Bool = true) {
        let digest = EntityTag.digest(body)
        hashedName = Self.hashedName(of: name, digest)
        path = "/assets/" + hashedName
        (self.name, self.format, self.body, tag) = (name, format, body, digest)
        packed = isPacked ? gzip(body) ?? body : body
    }

    private static func hashedName(of name: String, _ digest: String) -> String {
        let parts = name.split(separator: ".")  // ascii: a name of ours
        return "\(parts[0]).\(digest).\(parts[1])"
    }

    /// Returns the path that a file with this content has.
    static func path(of name: String, _ body: [UInt8]) -> String {
        "/assets/" + hashedName(of: name, EntityTag.digest(body))
    }

    /// Returns a file made at run time, compressed on `jobs`; uncompressed if too many compressions are queued.
    static func packed(
        _ name: String, _ format: MediaFormat, _ body: [UInt8], on jobs: JobQueue
    ) async -> Asset {
        do throws(JobQueue.Refused) {
            return try await jobs.run(behind: JobQueue.maximumWaitingCompressions) {
                Asset(name, format, body)
            }
        } catch {
            return Asset(name, format, body, isPacked: false)
        }
    }

    func response(to request: Request, cacheControl: String) -> Response {
        let isPacked = request.prefersGzip && packed.count < body.count
        // Another coding is another representation, so a strong tag must differ (RFC 9110 §8.8.3.3).
        let (plainTag, packedTag) = ("\"\(tag)\"", "\"\(tag).gz\"")
        var headers: Headers = [
            .etag: isPacked ? packedTag : plainTag, .cacheControl: cacheControl, .vary: "Accept-Encoding",
        ]
        if [plainTag, packedTag].contains(where: { request.ifNoneMatch(names: Array($0.utf8)) }) {
            return Response(.notModified, headers: headers)
        }
        format.add(to: &headers)
        if isPacked { headers.add(.contentEncoding, "gzip") }
        return Response(.ok, headers: headers, body: isPacked ? packed : body)
    }
}

extension Asset {
    /// The response at a permanent address.
    func responseForOthers(to request: Request) -> Response {
        response(to: request, cacheControl: Assets.brief)
    }
}

/// Static files used by our pages and by pages of others.
struct Assets: Sendable {
    /// The files embedded in the program.
    static let own = Assets()

    let extras = Asset("extras.js", .javaScript, Web.extras)
    let bell = Asset("bell.js", .javaScript, Web.bell)
    /// An ES module, which page and widget load when a reader opens a picture.
    let lightbox = Asset("lightbox.js", .javaScript, Web.lightbox)
    /// Only on pages of sites that have scripts of third parties.
    let consent = Asset("consent.js", .javaScript, Web.consent)
    let deskStyle = Asset("desk.css", .style, Web.deskStyle)
    let icon = Asset("icon.svg", .picture, Web.icon)
    /// At the paths that browsers look for by default.
    let favicon = Asset("favicon.ico", .icon, Web.favicon, isPacked: false)
    let touchIcon = Asset("apple-touch-icon.png", .png, Web.touchIcon, isPacked: false)
    /// For the manifest.
    let largeIcon = Asset("icon512.png", .png, Web.largeIcon, isPacked: false)
    /// For pages of others that have frames of ours.
    let embedFrame = Asset("embed-frame.js", .javaScript, Web.embedFrame)
    /// For the page in such a frame.
    let embedPage = Asset("embedpage.js", .javaScript, Web.embedPage)
    let cards = Asset("cards.js", .javaScript, Web.cards)
    let client = Asset("client.js", .javaScript, Web.client)
    let clientTypes = Asset("client.d.ts", .typeScript, Web.clientTypes)

    /// For paths with a digest: a year.
    private static let immutable = "public, max-age=31536000, immutable"
    /// For permanent addresses, whose content changes with an upgrade.
    fileprivate static let brief = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=86400"

    /// Returns the response for `/assets/{file}`. A page from before an upgrade asks by an outdated digest: it gets the present
    /// file, which caches must revalidate.
    func response(to request: Request, named name: String) throws(Problem) -> Response? {
        let parts = name.utf8.split(separator: UInt8(ascii: ".")).map { Substring($0) }
        guard parts.count == 3, let asset = asset("\(parts[0]).\(parts[2])") else { return nil }
        try request.requireAcceptable(asset.format.mediaType)
        return asset.response(
            to: request, cacheControl: name.hasSameBytes(as: asset.hashedName) ? Self.immutable : "no-cache")
    }

    /// Returns the file with a name, such as `lightbox.js`, or `live-de.js` with the words of a language.
    private func asset(_ name: String) -> Asset? {
        [extras, bell, lightbox, consent, deskStyle, icon, largeIcon, embedPage].first {
            $0.name.hasSameBytes(as: name)
        }
            ?? LocalizedAsset.asset(named: name)
    }

    func response(to request: Request, at asset: KeyPath<Assets, Asset>) -> Response {
        self[keyPath: asset].responseForOthers(to: request)
    }
}
