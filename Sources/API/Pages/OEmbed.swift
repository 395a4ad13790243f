// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Live
internal import Stories

/// How another site may show a story: an oEmbed response (oEmbed 1.0, oembed.com) of the type `rich`, a frame with the widget.
struct OEmbed: JSONWritable {
    let story: Story
    /// The origin of all addresses.
    let site: String
    /// The name of the site.
    let name: String
    let size: Size
    /// The picture that is drawn of the story, if it has none.
    let drawn: SharedPicture?

    /// What `maxwidth` and `maxheight` may be, in pixels.
    static let pixels = 1...100_000

    /// The size of the frame in pixels, and the form that fits it.
    struct Size {
        let width, height: Int

        init(maximumWidth: Int? = nil, maximumHeight: Int? = nil) {
            (width, height) = (min(maximumWidth ?? 600, 600), min(maximumHeight ?? 600, 600))
        }

        var form: WidgetForm {
            switch height {
            case ..<120: .headline
            case ..<400: .compact
            default: .full
            }
        }
    }

    var response: Response {
        var headers: Headers = [
            .cacheControl: Representation.Freshness.second.cacheControl, "Surrogate-Key": "story-\(story.id)",
        ]
        MediaFormat.json.add(to: &headers)
        return Response(.ok, headers: headers, body: JSONWriter.line(of: self, capacity: 2_048))
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("version", "1.0")
            $0.member("type", "rich")
            $0.member("title", story.content.title)
            $0.given("author_name", story.content.byline)
            $0.member("provider_name", name)
            $0.member("provider_url", site + "/")
            $0.member("html", frame)
            $0.member("width", size.width)
            $0.member("height", size.height)
            guard let picture = story.content.image?.shared(at: site) ?? drawn, let width = picture.width,
                let height = picture.height
            else { return }
            $0.member("thumbnail_url", picture.url)
            $0.member("thumbnail_width", width)
            $0.member("thumbnail_height", height)
        }
    }

    private var frame: String {
        let query = size.form == .full ? "" : "?form=\(size.form.rawValue)"
        var writer = MarkupWriter(in: .fallback, capacity: 512)
        let attributes: MarkupWriter.Attributes = [
            "src": "\(site)/embed/\(story.slug)\(query)", "title": story.content.title,
            "width": String(size.width), "height": String(size.height),
            "style": "border:0;max-width:100%", "loading": "lazy",
        ]
        writer.element("iframe", attributes, text: "")
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Returns the address of the response for a page of the site.
    static func address(of page: String, at site: String) -> String {
        var query = QueryBuilder()
        query.add("url", page)
        query.add("format", "json")
        return "\(site)/oembed\(query.text)"
    }
}

/// The address of the page of a story, of an update or of a frame on this site.
struct StoryAddress {
    let story: StoryReference

    /// `nil` for addresses of anything else. The scheme may be either, query and fragment are of no matter.
    init?(_ address: String, at site: String) {
        guard let rest = Self.afterScheme(address), let own = Self.afterScheme(site),
            rest.starts(with: own)
        else { return nil }
        let ends = [UInt8(ascii: "?"), UInt8(ascii: "#")]
        let path = rest.dropFirst(own.count).prefix { !ends.contains($0) }
        let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0].isEmpty,
            (parts.count == 3) || (parts.count == 4 && Self.isPage(parts[1])),
            Self.isPage(parts[1]) || parts[1].elementsEqual("embed".utf8),
            let text = Self.decoded(parts[2]), let story = StoryReference(text)
        else { return nil }
        self.story = story
    }

    /// Returns a segment without percent-encoding (RFC 3986 §2.1); `nil` if it is not well formed.
    private static func decoded(_ segment: Substring.UTF8View) -> String? {
        var (bytes, rest) = ([UInt8](), segment)
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func isPage(_ part: Substring.UTF8View) -> Bool { part.elementsEqual("live".utf8) }

    private static func afterScheme(_ address: String) -> Substring.UTF8View? {
        for scheme in ["https://", "http://"] where address.utf8.starts(with: scheme.utf8) {
            return Substring(address).utf8.dropFirst(scheme.utf8.count)
        }
        return nil
    }
}
