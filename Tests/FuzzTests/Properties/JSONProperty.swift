// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSON

extension Property {
    /// What the parser accepts is JSON to Foundation too, and survives a round trip through the writer.
    static let json = Property(name: "json") { bytes in
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            let isInside = (0...bytes.count).contains(error.offset) && error.line >= 1 && error.column >= 1
            return isInside ? nil : "the place of the fault is outside of the text: \(error)"
        }
        let written = JSONWriter.bytes(of: Written(value: value))
        guard let again = try? JSONValue(parsing: written),
            JSONWriter.bytes(of: Written(value: again)) == written
        else {
            return "what is written is not read as the same: \(String(decoding: written, as: UTF8.self))"
        }
        // Bytewise; Swift's strings compare by canonical equivalence.
        guard again == value else { return "what is read is not what was written" }
        guard !value.hasLongNumbers else { return nil }
        let isTaken =
            (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
        return isTaken ? nil : "Foundation refuses it"
    }
}

/// A parsed value, to be written again.
private struct Written: JSONWritable {
    let value: JSONValue

    func write(to writer: inout JSONWriter) {
        switch value {
        case .null: String?.none.write(to: &writer)
        case .bool(let bool): bool.write(to: &writer)
        case .number(let digits): writer.raw(digits.utf8)
        case .string(let text): writer.string(text)
        case .array(let items): items.map(Written.init).write(to: &writer)
        case .object(let members):
            writer.object { writer in
                for member in members { writer.member(named: member.name, Written(value: member.value)) }
            }
        }
    }
}

extension JSONValue {
    /// Whether it has numbers beyond Foundation's range or precision.
    fileprivate var hasLongNumbers: Bool {
        switch self {
        case .number(let digits): digits.utf8.count > 15 || digits.lowercased().contains("e")
        case .array(let items): items.contains(where: \.hasLongNumbers)
        case .object(let members): members.contains(where: \.value.hasLongNumbers)
        case .null, .bool, .string: false
        }
    }
}
