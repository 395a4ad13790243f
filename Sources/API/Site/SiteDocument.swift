// SPDX-License-Identifier: Apache-2.0
internal import Crypto
public import JSON
public import Stories
internal import StoriesJSON

/// The settings of a site with their fonts, to be moved to another server: a JSON document. Pictures stay addresses; those of the server that
/// it is from are listed, because they have to be uploaded to the other one.
public struct SiteDocument: JSONWritable, Sendable {
    /// The settings.
    public var settings: SiteSettings
    /// The fonts that they name.
    public var fonts: [(name: String, content: [UInt8])]

    /// Version of the form: the value of the member `wireroomSite`.
    private static let formatVersion = 1

    /// Memberwise.
    public init(settings: SiteSettings, fonts: [(name: String, content: [UInt8])]) {
        (self.settings, self.fonts) = (settings, fonts)
    }

    /// The addresses of the pictures of the server that it is from.
    public var pictures: [String] { settings.assets.sorted().map { MediaReference($0).path } }

    /// Returns the document as JSON text with a trailing newline.
    public func json() -> [UInt8] { JSONWriter.line(of: self, capacity: 64 * 1_024) }

    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("wireroomSite", Self.formatVersion)
            writer.member("settings") { writer in writer.object { $0.members(of: settings) } }
            writer.member("fonts") { writer in
                writer.array { writer in
                    for font in fonts {
                        writer.object {
                            $0.member("name", font.name)
                            $0.member("woff2", base64(font.content))
                        }
                    }
                }
            }
            writer.member("pictures", pictures)
        }
    }

    /// Reads the JSON form. Throws what is wrong, by JSON Pointer.
    public init(json bytes: [UInt8]) throws(StoryError) {
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .invalid([ValidationError("", "is not JSON: \(error)")])
        }
        var reader = JSONObjectDecoder(value, at: "")
        guard reader.value("wireroomSite")?.integer == Self.formatVersion else {
            throw .invalid([
                ValidationError(
                    "/wireroomSite", "must be \(Self.formatVersion), as \"site export\" writes it")
            ])
        }
        reader.ignore("pictures")
        let fonts = reader.list("fonts") { Self.font($0, at: $1, &$2) }.given ?? []
        let settings = reader.object("settings") { reader in
            var input = SiteInput()
            input.read(&reader)
            let errors = input.errors(at: reader.base)
            reader.add(errors)
            return input.settings
        }.given
        let errors = reader.finish()
        guard errors.isEmpty else { throw .invalid(errors) }
        self.init(settings: (settings ?? nil) ?? .blank, fonts: fonts)
    }

    private static func font(
        _ value: JSONValue, at place: () -> String, _ errors: inout [ValidationError]
    ) -> (name: String, content: [UInt8])? {
        var reader = JSONObjectDecoder(value, at: place())
        let name = reader.requiredText("name")
        let content = Crypto.bytes(ofBase64: reader.requiredText("woff2", placeholder: ""))
        if content == nil { reader.fault("woff2", "must be base64") }
        errors += reader.finish()
        return content.map { (name, $0) }
    }
}

extension SiteFont {
    /// A font from the bytes of its file. Throws `.invalid`.
    public init(name: String, content: [UInt8]) throws(StoryError) {
        let isVariable = try SiteFont.check(content, name: name)
        guard let id = Identifier(digest: sha256(content)) else {
            preconditionFailure("a SHA-256 has 32 bytes")
        }
        self.init(
            id: id, name: name, bytes: content.count, isVariable: isVariable,
            createdAt: Timestamp(milliseconds: 0))
    }
}
