// SPDX-License-Identifier: Apache-2.0
import Foundation
import Images
import Support
import Testing

/// Pictures of text, drawn by the worker itself, confined, with the fonts of `scripts/prepare`.
@Suite("Drawn pictures")
struct DrawingTests {
    private static let drawer = ImageProcessor(
        executable: program, concurrency: 2, waiting: 10_000, limits: .drawing)

    private static let colors = SocialPicture.Colors(
        background: 0xFFFDFA, text: 0x1C1B19, soft: 0x66635E, line: 0xDCD9D6, accent: 0xA3160D,
        onAccent: 0xFFFDFA)

    private static func picture(_ headline: String, language: String = "en") -> SocialPicture {
        SocialPicture(
            headline: headline, context: "",
            time: .init(
                seconds: 1_796_000_000, zone: "Europe/Berlin", pattern: "{day} {month} {year}, {time} UTC",
                months: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
            label: .live, labelText: "Live", siteName: "The Courier", language: language,
            isRightToLeft: false, isSerif: true, colors: colors)
    }

    private static func draw(_ picture: SocialPicture, logo: [UInt8]? = nil) async throws -> Raster {
        let folder = try TemporaryFolder()
        let file = try logo.map { bytes in
            try Data(bytes).write(to: URL(filePath: folder.file("logo")))
            return try FileHandle(forReadingFrom: URL(filePath: folder.file("logo")))
        }
        let drawn = try await drawer.draw(picture, logo: file?.fileDescriptor)
        #expect(drawn.missing == nil && drawn.bytes.count < 150_000, "\(drawn.bytes.count) bytes")
        let raster = try Raster(drawn.bytes, .png)
        #expect(raster.width == 1_200 && raster.height == 630)
        return raster
    }

    private static let accent = [163, 22, 13, 255]

    @Test("There are libraries and fonts, and the worker can be confined with them")
    func starts() async throws { try await Self.drawer.checkDrawing() }

    @Test(
        "Every script is drawn",
        arguments: [
            ("Storm at the old harbour: “All’s well” – 50 €", "en"), ("Ураган у старого порта", "ru"),
            ("Καταιγίδα στο παλιό λιμάνι", "el"), ("عاصفة في الميناء القديم", "ar"), ("סערה בנמל הישן", "he"),
            ("台風が旧港に接近、数千人が避難", "ja"), ("风暴潮抵达旧港", "zh-Hans"), ("", ""),
            ("iPhone ב־2026: 台風 и عاصفة", "he"), ("Result 🗳️🎉👩🏽‍🚒🇩🇪 in", "en"),
            ("\u{202E}\u{200F}a\u{300}\u{301}\u{302} \u{FEFF}\u{FFFD}", "en"),
        ])
    func scripts(headline: String, language: String) async throws {
        let blank = try await Self.draw(Self.picture(" ", language: language))
        let raster = try await Self.draw(Self.picture(headline, language: language))
        #expect((raster.pixels != blank.pixels) == !headline.isEmpty)
        #expect(raster.pixel(10, 300) == Self.accent && raster.pixel(1_190, 300) != Self.accent)
    }

    @Test("The picture of a language that is written from right to left is the mirror of others")
    func mirror() async throws {
        var picture = Self.picture("سطر", language: "ar")
        picture.isRightToLeft = true
        let raster = try await Self.draw(picture)
        #expect(raster.pixel(1_190, 300) == Self.accent && raster.pixel(10, 300) != Self.accent)
        #expect(Self.isBlank(raster, 100..<500, 200..<450) && !Self.isBlank(raster, 800..<1_112, 200..<450))
        // The label is at the other end of the head.
        #expect(raster.pixel(110, 90) == Self.accent)
    }

    private static func isBlank(_ raster: Raster, _ columns: Range<Int>, _ rows: Range<Int>) -> Bool {
        rows.allSatisfy { y in columns.allSatisfy { raster.pixel($0, y) == [255, 253, 250, 255] } }
    }

    @Test(
        "Long titles stay within the margins, broken and cut off where they have to be", arguments: [300, 30])
    func long(words: Int) async throws {
        for text in [
            String(repeating: "harbour ", count: words), String(repeating: "W", count: words * 8),
            String(repeating: "港", count: words), String(repeating: "g\u{308}", count: words),
        ] {
            var picture = Self.picture(text)
            (picture.context, picture.siteName, picture.labelText) = (text, text, text)
            let raster = try await Self.draw(picture)
            #expect(Self.isBlank(raster, 1_140..<1_200, 0..<630) && Self.isBlank(raster, 30..<70, 0..<630))
            #expect(Self.isBlank(raster, 30..<1_200, 514..<532) && Self.isBlank(raster, 30..<1_200, 0..<50))
        }
    }

    @Test("States, retraction, colours, zone and logo can be seen")
    func differences() async throws {
        let plain = Self.picture("Mayor dead")
        var others = [plain]
        for label in SocialPicture.Label.allCases where label != .live {
            others.append(plain)
            others[others.count - 1].label = label
        }
        others.append(plain)
        others[others.count - 1].time.zone = "Asia/Tokyo"
        others.append(plain)
        others[others.count - 1].colors.accent = 0x123456
        others.append(plain)
        others[others.count - 1].isSerif = false
        var rasters: Set<[UInt8]> = []
        for picture in others { rasters.insert(try await Self.draw(picture).pixels) }
        rasters.insert(try await Self.draw(plain, logo: Picture.bytes("wide.jpg")).pixels)
        #expect(rasters.count == others.count + 1)
        let without = try await Self.draw(plain, logo: Array(Picture.bytes("wide.jpg").prefix(1_000)))
        #expect(
            try await Self.draw(plain).pixels == without.pixels, "the name stands for a logo that is damaged")
    }

    @Test("A headline with a letter that no font has is left out, and the letter is told")
    func missing() async throws {
        // Khitan small script, of which Debian 12 has no font.
        let drawn = try await Self.drawer.draw(Self.picture("\u{18B00} and more"), logo: nil)
        #expect(drawn.missing == "\u{18B00}")
        var named = Self.picture("The Courier")
        named.siteName = ""
        #expect(try await Self.draw(named).pixels == Raster(drawn.bytes, .png).pixels)
    }

    @Test("Texts of random characters are drawn, too")
    func random() async throws {
        var generator = SeededGenerator()
        for _ in 0..<25 {
            let scalars = (0..<200).compactMap { _ in
                Unicode.Scalar(
                    UInt32.random(
                        in: 0..<(Bool.random(using: &generator) ? 0x3000 : 0x20000), using: &generator))
            }
            let text = String(String.UnicodeScalarView(scalars))
            var picture = Self.picture(text)
            picture.context = String(text.reversed())
            let drawn = try await Self.drawer.draw(picture, logo: nil)
            #expect(try Raster(drawn.bytes, .png).width == 1_200)
        }
    }
}
