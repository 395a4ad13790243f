// SPDX-License-Identifier: Apache-2.0
/// Absolute addresses, of which a part names a site.
enum SiteAddress {
    /// Returns the host of an absolute address, in lower case and without its port.
    static func host(of address: String) -> String {
        let ends = [UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")]
        let rest = address.utf8.drop { $0 != UInt8(ascii: "/") }.drop { $0 == UInt8(ascii: "/") }
        let authority = rest.prefix { !ends.contains($0) }
        let closing = authority.first == UInt8(ascii: "[") ? authority.firstIndex(of: UInt8(ascii: "]")) : nil
        let port = authority[(closing ?? authority.startIndex)...].firstIndex(of: UInt8(ascii: ":"))
        let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
        return String(
            decoding: authority[..<(port ?? authority.endIndex)].map {
                letters.contains($0) ? $0 | 0x20 : $0
            },
            as: UTF8.self)
    }
}
