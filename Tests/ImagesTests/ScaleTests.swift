// SPDX-License-Identifier: Apache-2.0
import CImages
import Testing

@Suite("Reducing pictures")
struct ScaleTests {
    /// The values of a picture's channels after it was reduced.
    private static func reduced(
        _ values: [UInt8], _ width: Int, _ height: Int, channels: Int, to newWidth: Int, _ newHeight: Int
    ) throws -> [UInt8] {
        var (values, reduced, failure) = (values, cimages_raster(), cimages_failure())
        let result = values.withUnsafeMutableBufferPointer { pixels in
            var source = cimages_raster(
                pixels: pixels.baseAddress, width: UInt32(width), height: UInt32(height),
                channels: UInt32(channels))
            return cimages_scale(&source, UInt32(newWidth), UInt32(newHeight), &reduced, &failure)
        }
        try #require(result == 0)
        defer { cimages_free(&reduced) }
        return Array(UnsafeBufferPointer(start: reduced.pixels, count: newWidth * newHeight * channels))
    }

    private static func gray(_ values: [UInt8]) -> [UInt8] { values.flatMap { [$0, $0, $0] } }

    @Test("A pixel is the mean of those that it covers")
    func mean() throws {
        let four = Self.gray([0, 10, 20, 31, 40, 50, 60, 70])
        #expect(try Self.reduced(four, 4, 2, channels: 3, to: 2, 1) == Self.gray([25, 45]))
        #expect(try Self.reduced(four, 4, 2, channels: 3, to: 4, 1) == Self.gray([20, 30, 40, 51]))
    }

    @Test("One on the border of two belongs to both by the area")
    func border() throws {
        // (0 + 90 / 2) / 1.5 and (90 / 2 + 180) / 1.5
        let three = Self.gray([0, 90, 180])
        #expect(try Self.reduced(three, 3, 1, channels: 3, to: 2, 1) == Self.gray([30, 150]))
        #expect(try Self.reduced(three, 1, 3, channels: 3, to: 1, 2) == Self.gray([30, 150]))
    }

    @Test("The colour of what is transparent does not show")
    func alpha() throws {
        let pixels: [UInt8] = [200, 100, 50, 255, 0, 0, 0, 0, 9, 9, 9, 0, 8, 8, 8, 0]
        #expect(try Self.reduced(pixels, 4, 1, channels: 4, to: 2, 1) == [200, 100, 50, 128, 0, 0, 0, 0])
    }

    @Test("A surface of one colour keeps it, whatever the sizes", arguments: [3, 4])
    func surface(channels: Int) throws {
        for (width, reducedWidth) in [(2_000, 1_920), (1_921, 1_920), (1_283, 640), (997, 320), (7, 3)] {
            for value in [255, 254, 127, 1] as [UInt8] {
                let pixel = [value, value, value] + (channels == 4 ? [255] : [])
                let source = Array(repeatElement(pixel, count: width * 3).joined())
                let target = try Self.reduced(source, width, 3, channels: channels, to: reducedWidth, 2)
                #expect(target == Array(repeatElement(pixel, count: reducedWidth * 2).joined()))
            }
        }
    }
}
