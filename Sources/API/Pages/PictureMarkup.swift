// SPDX-License-Identifier: Apache-2.0
internal import Stories

// `picture.js` writes the same markup in browsers; see `MarkupContext`.

/// How pictures are shown at some place of a page.
struct PicturePlace {
    /// The value of `sizes`: how wide they are there, by which browsers choose a file.
    let sizes: String
    /// Whether it is the place of a page's first picture, which is loaded at once.
    var isFirst = false

    /// The column of updates.
    static let column = PicturePlace(sizes: "(min-width: 60rem) 36rem, 100vw")
    /// Half of that column.
    static let tile = PicturePlace(sizes: "(min-width: 60rem) 18rem, 50vw")
    /// Beside the title of a story, or below it.
    static let header = PicturePlace(sizes: "(min-width: 60rem) 23rem, 30vw", isFirst: true)
    /// Beside a story in the index.
    static let thumbnail = PicturePlace(sizes: "8rem")
}

extension MarkupWriter {
    /// Writes the pictures of an update: one as a figure, more as a gallery.
    mutating func pictures(_ pictures: [Media]) {
        guard pictures.count > 1 else {
            for picture in pictures { figure(picture, .column) }
            return
        }
        element("div", ["class": "gallery"]) {
            for (index, picture) in pictures.enumerated() {
                // The first of an odd number takes a row of its own.
                $0.figure(picture, index == 0 && pictures.count % 2 == 1 ? .column : .tile)
            }
        }
    }

    /// Writes a picture as a link to its full size, which scripts open in the lightbox, with caption and credit.
    mutating func figure(_ picture: some Picture, _ place: PicturePlace) {
        let attributes: Attributes = [
            "class": "enlarge", "href": picture.url, "rel": picture.reference == nil ? foreignRelation : nil,
            "aria-label": picture.alt?.utf8.isEmpty ?? true ? words("picture") : nil,
        ]
        element("figure") {
            $0.element("a", attributes) { $0.image(picture, place, alt: picture.alt ?? "") }
            $0.caption(picture)
        }
    }

    /// Writes a picture for feed readers, which have neither our styles nor our scripts.
    mutating func feedPicture(_ picture: SharedPicture) {
        element("figure") {
            $0.image(picture, .column, alt: picture.alt ?? "")
            $0.caption(picture)
        }
    }

    /// Writes caption and credit, if there is one of them.
    mutating func caption(_ picture: some Picture) {
        guard picture.caption != nil || picture.credit != nil else { return }
        element("figcaption", ofWritten) {
            if let caption = picture.caption { $0.text(caption) }
            $0.credit(picture.credit, isAfterText: picture.caption != nil)
        }
    }

    /// Writes a credit line.
    mutating func credit(_ credit: String?, isAfterText: Bool) {
        guard let credit else { return }
        if isAfterText { text(" · ") }
        element("small") { $0.name(credit) }
    }

    /// Writes the image alone; within a `picture` element if the server has it in several widths.
    mutating func image(_ picture: some Picture, _ place: PicturePlace, alt: String) {
        let classes = [picture.focus?.classNames, picture.isSmall ? "small" : nil].compactMap(\.self)
        let attributes: Attributes = [
            "src": picture.path(atMost: 640), "loading": place.isFirst ? nil : "lazy",
            "fetchpriority": place.isFirst ? "high" : nil, "decoding": "async", "alt": alt,
            "width": picture.width.map(String.init), "height": picture.height.map(String.init),
            "class": classes.isEmpty ? nil : classes.joined(separator: " "), "data-color": picture.color,
        ]
        guard let sources = picture.sourceSet(at: origin) else { return empty("img", attributes) }
        element("picture") {
            $0.empty("source", ["type": "image/webp", "srcset": sources, "sizes": place.sizes])
            $0.empty("img", attributes)
        }
    }
}

extension Picture {
    /// Whether it may be smaller than its place in a gallery.
    fileprivate var isSmall: Bool { min(width ?? .max, height ?? .max) < MediaAsset.widths[0] }

    /// The candidates for `srcset`: its files as WebP, and the original unless that is larger than they; `nil` if there is only one file.
    fileprivate func sourceSet(at origin: String) -> String? {
        guard let reference, let width, !MediaAsset.widths(below: width).isEmpty, animated != true else {
            return nil
        }
        return reference.sourceSet(.webp, width: width, origin: origin)
    }

    /// The address of the JPEG of this width; of the original if that is not wider, or the only file.
    fileprivate func path(atMost most: Int) -> String {
        guard let reference, let width, width > most, animated != true else { return url }
        return reference.path(width: most, .jpg)
    }

    /// The picture for programs that do not choose a file themselves, such as feed readers and link previews.
    func shared(at site: String) -> SharedPicture {
        let path = path(atMost: SharedPicture.width)
        let isWhole = path.hasSameBytes(as: url)
        var shared = SharedPicture(self, url: reference == nil ? url : site + path)
        guard !isWhole, let width, let height else { return shared }
        shared.width = SharedPicture.width
        // To the nearest pixel.
        shared.height = max(1, (height * SharedPicture.width * 2 + width) / (width * 2))
        return shared
    }
}

extension MediaFocus {
    /// The classes of the style sheet for this point, to the nearest tenth: the content security policy forbids style attributes.
    fileprivate var classNames: String { "x\((x + 5) / 10) y\((y + 5) / 10)" }
}

/// One file of a picture, with an absolute address.
struct SharedPicture: Picture {
    var url: String
    var alt: String?
    var caption: String?
    var credit: String?
    var width: Int?
    var height: Int?
    var focus: MediaFocus?
    var color: String?
    var animated: Bool?
    /// The media type, if it is known.
    var type: MediaType?

    /// The width in pixels of the files that are shared: what link previews show large, and feed readers full.
    static let width = 1_280

    /// A picture that lies elsewhere, of which only this is known.
    init(url: String, alt: String?) { (self.url, self.alt) = (url, alt) }

    fileprivate init(_ picture: some Picture, url: String) {
        self.init(url: url, alt: picture.alt)
        (caption, credit) = (picture.caption, picture.credit)
        (width, height) = (picture.width, picture.height)
    }
}
