/// Addresses of links and pictures in the HTML of bodies.
public enum BodyAddresses {
    /// The HTML with a prefix before each address that begins with one of some ASCII characters, such as `/`. Most bodies have none,
    /// and come back as they are.
    public static func prefixed(
        _ html: String, with prefix: @autoclosure () -> String, where beginnings: String
    ) -> String {
        guard html.utf8.contains(UInt8(ascii: "=")) else { return html }
        let bytes = Array(html.utf8)
        let places = places(in: bytes, where: Array(beginnings.utf8))
        guard !places.isEmpty else { return html }
        let prefix = prefix()
        var (prefixed, start) = ([UInt8](), 0)
        prefixed.reserveCapacity(bytes.count + places.count * prefix.utf8.count)
        for place in places {
            prefixed += bytes[start..<place]
            prefixed += prefix.utf8
            start = place
        }
        return String(decoding: prefixed + bytes[start...], as: UTF8.self)
    }

    /// Where such addresses begin. In texts and in values of attributes a quotation mark is `&quot;`.
    private static func places(in bytes: [UInt8], where beginnings: [UInt8]) -> [Int] {
        bytes.indices.dropFirst(2).filter { place in
            guard bytes[place - 1] == UInt8(ascii: "\""), bytes[place - 2] == UInt8(ascii: "="),
                beginnings.contains(bytes[place])
            else { return false }
            let name = bytes[..<(place - 2)].suffix(5)
            return name.elementsEqual(" href".utf8) || name.suffix(4).elementsEqual(" src".utf8)
        }
    }
}
