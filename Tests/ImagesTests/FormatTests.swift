// SPDX-License-Identifier: Apache-2.0
import Images
import Testing

@Suite("Formats of pictures")
struct FormatTests {
    private static let colored = [
        "progressive.jpg", "cmyk.jpg", "ycck.jpg", "display-p3.jpg", "palette.png", "alpha.png",
        "palette-alpha.png",
        "interlaced.png", "rgb-16.png", "display-p3.png", "lossless.webp", "alpha.webp", "still.gif",
        "animated.gif",
    ]

    @Test("Each kind of each format is decoded, and encoded in its format", arguments: colored)
    func decodes(name: String) async throws {
        let processed = try await process(Picture.bytes(name))
        let format = try #require(
            ["jpg": ImageFormat.jpeg, "png": .png, "webp": .webp, "gif": .gif][
                name.split(separator: ".").last ?? ""])
        #expect(processed.image.format == format)
        #expect((processed.image.width, processed.image.height) == (48, 32))
        #expect(processed.image.isAnimated == (name == "animated.gif"))
        let bytes = try processed.bytes("original")
        #expect(
            processed.image.files == [ProcessedFile(name: "original", format: format, bytes: bytes.count)])
        #expect(try processed.names() == ["original"])
        #expect(Quarter.areShown(by: try processed.raster("original")))
    }

    @Test("Transparency stays", arguments: ["alpha.png", "palette-alpha.png", "alpha.webp"])
    func transparent(name: String) async throws {
        let raster = try await process(Picture.bytes(name)).raster("original")
        #expect(raster.channels == 4)
        #expect(raster.pixel(5, 5)[3] == 255)
        #expect(raster.pixel(40, 25)[3] == 0)
    }

    @Test("Gray pictures are gray", arguments: ["gray.jpg", "gray-16.png", "gray-alpha.png"])
    func gray(name: String) async throws {
        let raster = try await process(Picture.bytes(name)).raster("original")
        // ITU-R 601-2 luma of the four colours.
        for (value, column, row) in [(88, 0, 0), (107, 1, 0), (67, 0, 1), (250, 1, 1)] {
            #expect(raster.shows([value, value, value], column, row, within: 6))
        }
    }

    @Test("A picture of one pixel is one")
    func one() async throws {
        let processed = try await process(Picture.bytes("one.png"))
        #expect((processed.image.width, processed.image.height) == (1, 1))
        #expect(processed.image.color == "#dc1e28")
        #expect(try processed.raster("original").pixel(0, 0) == [220, 30, 40, 255])
    }

    @Test("A profile is converted to sRGB: the red of Display P3 is not (202, 54, 50)")
    func profile() async throws {
        for name in ["display-p3.jpg", "display-p3.png"] {
            let raster = try await process(Picture.bytes(name)).raster("original")
            #expect(raster.shows(Quarter.red, 0, 0, within: 3), "\(raster.pixel(5, 5))")
            #expect(raster.shows(Quarter.blue, 0, 1, within: 3), "\(raster.pixel(5, 25))")
        }
    }

    @Test("The average colour is that of the quarters on white")
    func color() async throws {
        // (220 + 20 + 30 + 250) / 4 = 130, (30 + 160 + 60 + 250) / 4 = 125, (40 + 60 + 200 + 250) / 4 = 137.5
        #expect(try await process(Picture.bytes("palette.png")).image.color == "#827d8a")
        // With white in place of what is transparent: 131, 126, 139.
        #expect(try await process(Picture.bytes("alpha.webp")).image.color == "#837e8b")
    }

    @Test("Smaller widths are made, each as WebP and JPEG, in the same proportions")
    func variants() async throws {
        let processed = try await process(Picture.bytes("wide.jpg"))
        let names = ["original"] + [320, 640, 1280, 1920].flatMap { ["\($0).webp", "\($0).jpg"] }
        #expect(processed.image.files.map(\.name) == names)
        #expect(try processed.names() == names.sorted())
        for file in processed.image.files {
            #expect(try processed.bytes(file.name).count == file.bytes)
            let raster = try processed.raster(file.name)
            #expect(Quarter.areShown(by: raster, within: 16), "\(file.name)")
            #expect(raster.height == (raster.width + 5) / 10, "\(file.name)")
            let width = file.name.split(separator: ".").first.flatMap { Int($0) } ?? 2_000
            #expect(raster.width == width)
        }
    }

    @Test("What the file is called, and what is around the picture, does not matter; the first bytes decide")
    func content() async throws {
        let bytes = try Picture.bytes("palette.png")
        #expect(try await process(bytes + [UInt8]("<html>".utf8)).image.format == .png)
    }
}
