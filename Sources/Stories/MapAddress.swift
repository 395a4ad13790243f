// SPDX-License-Identifier: Apache-2.0
/// Frames of maps, whose addresses are computed.
enum MapAddress {
    /// `/maps/place/Hamburg/@53.55,9.99,12z`, `/maps/@53.55,9.99,12z`, `/maps?q=Hamburg`, and `/maps/embed?pb=…` of an embed code.
    static func google(_ parts: WebAddressParts) -> String? {
        guard parts.segments.first?.hasSameBytes(as: "maps") ?? false else { return nil }
        if parts.segments.count == 2, parts.segments[1].hasSameBytes(as: "embed"),
            let code = parts.value(of: "pb")
        {
            return "https://www.google.com/maps/embed?pb=" + CardProvider.encoded(decoded: code)
        }
        let base = "https://www.google.com/maps?output=embed&q="
        let view = parts.segments.first { $0.utf8.first == UInt8(ascii: "@") }.flatMap(View.init(google:))
        let zoom = view.map { "&z=\(Int($0.zoom))" } ?? ""
        if parts.segments.count >= 3, parts.segments[1].hasSameBytes(as: "place") {
            return base + CardProvider.encoded(decoded: parts.segments[2]) + zoom
        }
        if let place = parts.value(of: "q") { return base + CardProvider.encoded(decoded: place) + zoom }
        return view.map { base + "\($0.latitude),\($0.longitude)" + zoom }
    }

    /// `/#map=12/53.55/9.99`, and with a marker `/?mlat=53.55&mlon=9.99#map=12/53.55/9.99`.
    static func openStreetMap(_ parts: WebAddressParts) -> String? {
        let marker = parts.value(of: "mlat").flatMap { latitude in
            parts.value(of: "mlon").flatMap { View(["12", latitude, $0]) }
        }
        guard let view = View(openStreetMap: parts.fragment) ?? marker else { return nil }
        var frame = "https://www.openstreetmap.org/export/embed.html?layer=mapnik&bbox=\(view.box)"
        if let marker { frame += "&marker=\(marker.latitude)%2C\(marker.longitude)" }
        return frame
    }
}

/// What a map shows.
private struct View {
    let zoom: Double
    let latitude: Double
    let longitude: Double

    /// Zoom, latitude and longitude as decimal numbers; `nil` if they are not on the globe.
    init?(_ numbers: [String]) {
        guard numbers.count == 3, numbers.allSatisfy(Self.isDecimal), let zoom = Double(numbers[0]),
            let latitude = Double(numbers[1]), let longitude = Double(numbers[2]), (0...21).contains(zoom),
            (-85...85).contains(latitude), (-180...180).contains(longitude)
        else { return nil }
        (self.zoom, self.latitude, self.longitude) = (zoom, latitude, longitude)
    }

    /// Digits, a point and a sign: `Double` reads more, such as `nan` and `0x1p3`.
    private static func isDecimal(_ text: String) -> Bool {
        (1...24).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "-.".utf8.contains($0)
            }
    }

    /// `map=12/53.55/9.99`, which layers may follow.
    init?(openStreetMap fragment: String) {
        let part = fragment.utf8.split(separator: UInt8(ascii: "&")).first { $0.starts(with: "map=".utf8) }
        guard let part else { return nil }
        self.init(part.dropFirst(4).split(separator: UInt8(ascii: "/")).map { String(Substring($0)) })
    }

    /// `@53.55,9.99,12z`.
    init?(google segment: String) {
        let parts = segment.utf8.dropFirst().split(separator: UInt8(ascii: ",")).map { Substring($0) }
        guard parts.count == 3, parts[2].utf8.last == UInt8(ascii: "z") else { return nil }
        let zoom = String(Substring(parts[2].utf8.dropLast()))
        self.init([zoom, String(parts[0]), String(parts[1])])
    }

    /// West, south, east and north of what a map of common size shows, separated by `%2C`.
    var box: String {
        // A tile of 256 pixels is 360 degrees wide at zoom 0; the map is about 600 by 450 pixels.
        var degrees = 360 * 600 / 256.0
        for _ in 0..<Int(zoom) { degrees /= 2 }
        let (width, height) = (min(degrees, 360) / 2, min(degrees * 0.5, 80) / 2)
        let edges = [longitude - width, latitude - height, longitude + width, latitude + height]
        return edges.map { "\(($0 * 100_000).rounded() / 100_000)" }.joined(separator: "%2C")
    }
}

extension CardProvider {
    /// Encodes what may be percent-encoded already, with `+` for a space.
    fileprivate static func encoded(decoded text: String) -> String {
        var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return encoded(String(decoding: bytes, as: UTF8.self))
    }
}
