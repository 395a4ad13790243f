// SPDX-License-Identifier: Apache-2.0
import Support
import Testing

@testable import Stories

@Suite("Media assets and references to them")
struct MediaTests {
    private static let id = "5f2b9a3c-0d41-8e77-9c55-0123456789ab"
    private static let path = "/media/5f2b9a3c-0d41-8e77-9c55-0123456789ab"

    private var reference: MediaReference {
        get throws { try #require(MediaReference(Self.path)) }
    }

    private func asset(width: Int) throws -> MediaAsset {
        MediaAsset(
            id: try reference.id, type: .png, bytes: 9, width: width, height: 20, color: "#102030",
            folder: "f", variants: [], createdAt: Timestamp(milliseconds: 0))
    }

    @Test("An id is a UUIDv8 of the digest, with the variant of RFC 9562")
    func identifier() throws {
        let ones = try #require(Identifier(digest: Array(repeating: 0xFF, count: 32)))
        #expect("\(ones)" == "ffffffff-ffff-8fff-bfff-ffffffffffff")
        let zeros = try #require(Identifier(digest: Array(repeating: 0, count: 16)))
        #expect("\(zeros)" == "00000000-0000-8000-8000-000000000000")
        let counted = try #require(Identifier(digest: Array(0...31)))
        #expect("\(counted)" == "00010203-0405-8607-8809-0a0b0c0d0e0f")
        #expect(Identifier(digest: Array(0...14)) == nil)
    }

    @Test("A reference is exactly the path of an asset")
    func parsing() throws {
        #expect(try "\(reference.id)" == Self.id)
        #expect(try reference.path == Self.path)
        for other in [
            "", "/", "/media/", "/media/1", Self.path + "/", Self.path + "/320.webp", " " + Self.path,
            Self.path + "?", "https://example.org" + Self.path, Self.path.uppercased(), "/Media/" + Self.id,
            "/media/" + Self.id.uppercased(), "//media/" + Self.id, "/media/\(Self.id.dropLast())g",
        ] {
            #expect(MediaReference(other) == nil, "\(other)")
        }
    }

    @Test("References are found in texts, whatever is around them")
    func finding() throws {
        let (one, two) = (try reference.id, Identifier.make(7))
        let text = """
            ![A](\(Self.path)/640.webp) and <https://example.org/media/\(two)>, not /media/\(Self.id.dropLast()),
            nor media/\(Self.id); é/media//media/\(Self.id.uppercased())\(two)
            """
        #expect(MediaReference.identifiers(in: text) == [one, two, one])
        #expect(MediaReference.identifiers(in: Self.path) == [one])
        #expect(MediaReference.identifiers(in: String(Self.path.dropLast())) == [])
        #expect(MediaReference.identifiers(in: "") == [])
    }

    @Test("The search finds what a look at every byte finds")
    func search() throws {
        let pieces = [
            "/", "/media/", Self.path, Self.id, "a", "-", "0", "media", " ", "x", "\u{E9}",
            "/media/" + Self.id.dropLast(),
        ]
        var random = SeededGenerator(seed: 7)
        for _ in 1...2_000 {
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            var (count, rest) = (0, Substring(text))
            while let start = rest.firstRange(of: "/media/") {
                let id = rest[start.upperBound...].utf8.prefix(Identifier.textBytes)
                let isFound = Identifier(String(Substring(id))) != nil
                count += isFound ? 1 : 0
                rest = isFound ? rest[id.endIndex...] : rest[start.lowerBound...].dropFirst()
            }
            #expect(MediaReference.identifiers(in: text).count == count, "\(text)")
        }
    }

    @Test("A text is searched for a byte in words of eight, and the rest")
    func bytes() {
        for length in 0...20 {
            let text = String(repeating: "a", count: length)
            #expect(!text.hasByte(UInt8(ascii: "=")))
            for place in 0..<length {
                let found =
                    String(repeating: "<", count: place) + "=" + String(repeating: ">", count: length - place)
                #expect(found.hasByte(UInt8(ascii: "=")), "\(found)")
            }
        }
    }

    @Test("Content uses the assets of its media and of its body, once each")
    func uses() throws {
        let (one, two) = (try reference.id, Identifier.make(7))
        let content = UpdateContent.make(body: "![A](\(Self.path))") {
            $0.media = [
                Media(type: .image, url: Self.path),
                Media(type: .link, url: "https://example.org/media/\(two)"),
                Media(type: .image, url: "https://example.org/"),
            ]
        }
        #expect(content.assets == [one, two])
        #expect(UpdateContent.make().assets == [])
        var story = StoryContent(title: "Title")
        #expect(story.assets == [])
        story.image = StoryImage(url: Self.path)
        #expect(story.assets == [one])
    }

    @Test("An asset has the files that are narrower than it is")
    func widths() throws {
        #expect(try asset(width: 320).widths == [])
        #expect(try asset(width: 321).widths == [320])
        #expect(try asset(width: 9_000).widths == [320, 640, 1_280, 1_920])
        #expect(
            try asset(width: 641).variantNames == ["original", "320.webp", "320.jpg", "640.webp", "640.jpg"])
        #expect(
            try asset(width: 400).paths == [
                Self.path, Self.path + "/metadata", Self.path + "/320.webp", Self.path + "/320.jpg",
            ])
        let variants = ["original", "320.jpg"].map {
            MediaVariant(name: $0, type: .jpeg, bytes: 1, checksum: [])
        }
        #expect(try variants.map(reference.path(of:)) == [Self.path, Self.path + "/320.jpg"])
    }

    @Test("A source set lists the narrower files, and the original unless it is wider than any of them")
    func sourceSet() throws {
        let reference = try reference
        #expect(reference.sourceSet(.webp, width: 300) == "\(Self.path) 300w")
        #expect(
            reference.sourceSet(.jpg, width: 700, origin: "https://a.example")
                == "https://a.example\(Self.path)/320.jpg 320w, https://a.example\(Self.path)/640.jpg 640w, "
                + "https://a.example\(Self.path) 700w")
        #expect(
            reference.sourceSet(.webp, width: 4_000)
                == [320, 640, 1_280, 1_920].map { "\(Self.path)/\($0).webp \($0)w" }.joined(separator: ", "))
    }

    @Test("The address of a medium is absolute, or a reference")
    func addresses() {
        func errors(_ url: String) -> [ValidationError] {
            let story = StoryPatch.changing { $0.image = .set(StoryImage(url: url)) }.errors()
            let update = UpdatePatch.changing { $0.media = .set([Media(type: .image, url: url)]) }.errors()
            #expect(update.map(\.detail) == story.map(\.detail))
            #expect(update.allSatisfy { $0.pointer == "/media/0/url" })
            return story
        }
        #expect(errors(Self.path) == [])
        #expect(errors("https://example.org/a.jpg") == [])
        #expect(errors("a.jpg") == [ValidationError("/image/url", "must be an absolute http or https URL")])
        let rule = "must be an absolute http or https URL, or /media/ and the id of a picture uploaded here"
        for other in ["/", "/a.jpg", "/media/x", Self.path + "/320.webp", "//example.org/a.jpg"] {
            #expect(errors(other) == [ValidationError("/image/url", rule)], "\(other)")
        }
    }

    @Test("A focus is in percent")
    func focus() {
        let image = StoryImage(url: Self.path, focus: MediaFocus(x: -1, y: 101))
        let errors = StoryPatch.changing { $0.image = .set(image) }.errors()
        #expect(errors.map(\.pointer) == ["/image/focus/x", "/image/focus/y"])
        #expect(errors.allSatisfy { $0.detail == "must be from 0 to 100 percent" })
        let corners = StoryImage(url: Self.path, focus: MediaFocus(x: 0, y: 100))
        #expect(StoryPatch.changing { $0.image = .set(corners) }.errors() == [])
    }

    @Test(
        "An alternative text is empty for a decorative picture, and for nothing else; it is never blank otherwise"
    )
    func alternatives() throws {
        func errors(_ alt: String) -> [ValidationError] {
            let medium = Media(type: .image, url: Self.path, alt: alt)
            return StoryPatch.changing { $0.image = .set(StoryImage(url: Self.path, alt: alt)) }.errors()
                + UpdatePatch.changing { $0.media = .set([medium]) }.errors()
        }
        #expect(errors("") == [] && errors("A bridge") == [])
        #expect(
            errors(" ") == ["/image/alt", "/media/0/alt"].map { ValidationError($0, "must not be blank") })
        #expect(errors("A\nbridge").count == 2)
        let asset = try asset(width: 800)
        var content = UpdateContent.make {
            $0.media = [
                Media(type: .image, url: Self.path, alt: ""),
                Media(type: .link, url: "https://example.org/", alt: ""),
            ]
        }
        let found = try content.describeMedia(at: "") { $0 == asset.id ? asset : nil }
        #expect(
            found == [ValidationError("/media/1/alt", "must not be blank: only an image can be decorative")])
    }

    @Test("What the server knows replaces what a client sends")
    func description() throws {
        let asset = try asset(width: 800)
        var content = UpdateContent.make {
            $0.media = [
                Media(type: .image, url: Self.path, width: 1, color: "x", animated: true),
                Media(
                    type: .video, url: "https://example.org/", width: 5, height: 6, color: "x", animated: true
                ),
                Media(type: .link, url: Self.path), Media(type: .image, url: "/media/\(Identifier.make(1))"),
            ]
        }
        let errors = try content.describeMedia(at: "/3") { $0 == asset.id ? asset : nil }
        #expect(errors.map(\.pointer) == ["/3/media/2/url", "/3/media/3/url"])
        #expect(
            content.media[0]
                == Media(
                    type: .image, url: Self.path, width: 800, height: 20, color: "#102030", animated: false))
        #expect(content.media[1] == Media(type: .video, url: "https://example.org/", width: 5, height: 6))
    }
}

@Suite("Patches of a story's image")
struct StoryImagePatchTests {
    private let reference = MediaReference(.make(1))
    private let content: StoryContent

    init() {
        var content = StoryContent(title: "Title")
        content.image = StoryImage(
            url: MediaReference(.make(1)).path, alt: "A bridge", credit: "Ada", width: 800, height: 600,
            focus: MediaFocus(x: 1, y: 2), color: "#102030")
        self.content = content
    }

    /// Applies a patch that names these members of the image.
    private func patched(_ content: StoryContent, _ parts: [String: MemberValue]) throws -> StoryImage? {
        let object = MemberValue.object(StoryImage.members.map { parts[$0.field.name] })
        var changed = content
        try StoryPatch(MemberPatch { $0.name == "image" ? object : nil }).apply(to: &changed)
        return changed.image
    }

    @Test("keep what they do not name")
    func merge() throws {
        var expected = content.image
        expected?.alt = "The bridge"
        #expect(try patched(content, ["alt": .text("The bridge")]) == expected)
        #expect(try patched(content, ["url": .text(reference.path)]) == content.image)
    }

    @Test("do not keep the measures of another picture")
    func otherPicture() throws {
        let url = "https://example.org/a.jpg"
        let changed = try patched(content, ["url": .text(url), "width": .integer(3)])
        #expect(changed?.alt == "A bridge")
        #expect((changed?.width, changed?.height, changed?.focus) == (3, nil, nil))
    }

    @Test("have to name the address of a new one")
    func missingAddress() throws {
        let rule = StoryError.invalid([ValidationError("/image/url", "is required")])
        #expect(throws: rule) { try patched(StoryContent(title: "Title"), ["alt": .text("A bridge")]) }
    }
}
