// SPDX-License-Identifier: Apache-2.0
import JSON
import Stories
import Support
import Testing

@testable import API

@Suite("The form of an update's JSON")
struct UpdateFormTests {
    private static let rendition = JSONWriter.bytes(of: Update.sample(html: "-"))

    @Test("The form is computed from an update in which every member is set")
    func sample() throws {
        #expect(API.updateForm == API.form(of: Self.rendition))
        #expect(API.updateForm >= 0)
        #expect(try !Self.holdsNothing(JSONValue(parsing: Self.rendition)))
    }

    /// Whether any part of a value is null, empty or false, which may look as if it were never written.
    private static func holdsNothing(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .bool(false): true
        case .bool(true), .number: false
        case .string(let text): text.isEmpty
        case .array(let items): items.isEmpty || items.contains(where: holdsNothing)
        case .object(let members): members.isEmpty || members.contains { holdsNothing($0.value) }
        }
    }

    /// Returns every variant of the value with one member removed or renamed, or one value changed.
    private static func others(of value: JSONValue) -> [JSONValue] {
        switch value {
        case .array(let items):
            let changed = items.indices.flatMap { index in
                others(of: items[index]).map { JSONValue.array(items.with($0, at: index)) }
            }
            return changed + [JSONValue.array([])]
        case .object(let members):
            return members.indices.flatMap { others(of: members, at: $0) }
        default: return [.null]
        }
    }

    private static func others(of members: [JSONValue.Member], at index: Int) -> [JSONValue] {
        let member = members[index]
        let changed = others(of: member.value).map { JSONValue.Member(member.name, $0) }
        var fewer = members
        fewer.remove(at: index)
        return ([JSONValue.Member(member.name + "s", member.value)] + changed).map {
            JSONValue.object(members.with($0, at: index))
        } + [JSONValue.object(fewer)]
    }

    @Test("Every change of the rendition changes the form")
    func otherRenditions() throws {
        let others = try Self.others(of: JSONValue(parsing: Self.rendition)).map {
            API.form(of: JSONWriter.bytes(of: $0))
        }
        #expect(others.count > 3 * UpdateContent.members.count)
        #expect(!others.contains(API.updateForm))
        #expect(Set(others).count == others.count)
        #expect(API.form(of: Self.rendition + [0x20]) != API.updateForm)
    }

    @Test("A renderer with other HTML has another form")
    func otherHTML() {
        let forms = ["p", "p", "div"].map { tag in API.renderer { "<\(tag)>\($0)</\(tag)>" }.form }
        #expect(forms[0] == forms[1])
        #expect(forms[0] != forms[2])
    }
}

extension Array {
    fileprivate func with(_ element: Element, at index: Int) -> [Element] {
        var changed = self
        changed[index] = element
        return changed
    }
}
