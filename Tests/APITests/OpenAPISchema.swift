// SPDX-License-Identifier: Apache-2.0
import JSON
import Stories
import Support

/// Validates values against the document's schemas: the subset of JSON Schema 2020-12 that it uses. An unknown
/// keyword is an error, so that nothing is silently left unchecked.
struct OpenAPISchema {
    let document: OpenAPIDocument

    /// Returns the errors of a value, each with its place; members that no schema names are errors too.
    func errors(_ value: JSONValue, _ schema: JSONValue) throws -> [String] {
        let checked = try check(value, schema, "")
        return checked.errors + unknownMembers(value, checked, "")
    }

    /// The result of checking one value against one schema: errors, and the members that the schema names.
    private struct Checked {
        var errors: [String] = []
        var names: Set<String> = []

        mutating func add(_ other: Checked) {
            errors += other.errors
            names.formUnion(other.names)
        }
    }

    private func unknownMembers(_ value: JSONValue, _ checked: Checked, _ place: String) -> [String] {
        document.members(of: value).map(\.name).filter { !checked.names.contains($0) }.map {
            "\(place)/\($0): is not in the schema"
        }
    }

    /// Checks a nested value, including its unknown members.
    private func nested(_ value: JSONValue, _ schema: JSONValue, _ place: String) throws -> [String] {
        let checked = try check(value, schema, place)
        return checked.errors + unknownMembers(value, checked, place)
    }

    private func check(_ value: JSONValue, _ schema: JSONValue, _ place: String) throws -> Checked {
        var result = Checked()
        for keyword in document.members(of: schema) {
            result.add(try check(value, keyword.name, keyword.value, schema, place))
        }
        return result
    }

    private func check(
        _ value: JSONValue, _ keyword: String, _ rule: JSONValue, _ schema: JSONValue, _ place: String
    ) throws -> Checked {
        switch keyword {
        case "$ref": return try check(value, try document.resolved(schema), place)
        case "allOf":
            var result = Checked()
            for part in rule.items ?? [] { result.add(try check(value, part, place)) }
            return result
        case "anyOf", "oneOf": return try checkAlternatives(value, keyword, rule.items ?? [], place)
        case "properties", "additionalProperties", "propertyNames":
            return try checkMembers(value, keyword, rule, schema, place)
        case "items":
            let items = value.items ?? []
            return Checked(
                errors: try items.indices.flatMap { try nested(items[$0], rule, "\(place)/\($0)") })
        default: return Checked(errors: try checkValue(value, keyword, rule, place))
        }
    }

    private func checkAlternatives(
        _ value: JSONValue, _ keyword: String, _ schemas: [JSONValue], _ place: String
    ) throws -> Checked {
        let checked = try schemas.map { try check(value, $0, place) }
        let good = checked.filter(\.errors.isEmpty)
        guard let first = good.first else {
            let reasons = checked.flatMap(\.errors).joined(separator: "; ")
            return Checked(errors: ["\(place): fits none of \(keyword) (\(reasons))"])
        }
        guard keyword == "anyOf" || good.count == 1 else {
            return Checked(errors: ["\(place): fits \(good.count) of oneOf"])
        }
        return first
    }

    private func checkMembers(
        _ value: JSONValue, _ keyword: String, _ rule: JSONValue, _ schema: JSONValue, _ place: String
    ) throws -> Checked {
        var result = Checked()
        for member in document.members(of: value) {
            let (here, isNamed) = ("\(place)/\(member.name)", schema["properties"]?[member.name] != nil)
            switch keyword {
            case "properties":
                guard let known = rule[member.name] else { continue }
                result.errors += try nested(member.value, known, here)
                result.names.insert(member.name)
            case "additionalProperties" where !isNamed && rule != .bool(false):
                result.errors += try nested(member.value, rule, here)
                result.names.insert(member.name)
            case "additionalProperties" where !isNamed: result.errors.append("\(here): is not allowed")
            case "propertyNames": result.errors += try check(.string(member.name), rule, here).errors
            default: break
            }
        }
        return result
    }

    // MARK: Single values

    private func checkValue(
        _ value: JSONValue, _ keyword: String, _ rule: JSONValue, _ place: String
    ) throws -> [String] {
        guard let holds = try holds(value, keyword, rule) else {
            return ["\(place): the checker does not know the keyword \(keyword)"]
        }
        return holds ? [] : ["\(place): \(value) breaks \(keyword) \(rule)"]
    }

    /// Whether a rule holds; nil if the keyword is unknown. Rules for other types hold (JSON Schema §7.6.1).
    private func holds(_ value: JSONValue, _ keyword: String, _ rule: JSONValue) throws -> Bool? {
        switch keyword {
        case "description", "discriminator", "default", "contentMediaType": true
        case "type": (rule.items ?? [rule]).contains { isOfType(value, $0.string) }
        case "const": value == rule
        case "enum": rule.items?.contains(value)
        case "required": value.isObject ? rule.items?.allSatisfy { value[$0.string ?? ""] != nil } : true
        case "minLength": compare(value.string?.unicodeScalars.count, rule.integer, >=)
        case "maxLength": compare(value.string?.unicodeScalars.count, rule.integer, <=)
        case "minimum": compare(value.integer, rule.integer, >=)
        case "maximum": compare(value.integer, rule.integer, <=)
        case "minItems": compare(value.items?.count, rule.integer, >=)
        case "maxItems": compare(value.items?.count, rule.integer, <=)
        case "maxProperties":
            compare(value.isObject ? document.members(of: value).count : nil, rule.integer, <=)
        case "uniqueItems": compare(value.items.map { Set($0).count }, value.items?.count, ==)
        case "pattern": try matches(value, rule)
        case "format": hasFormat(value, rule.string)
        default: nil
        }
    }

    private func compare(_ left: Int?, _ right: Int?, _ holds: (Int, Int) -> Bool) -> Bool {
        guard let left, let right else { return true }
        return holds(left, right)
    }

    private func matches(_ value: JSONValue, _ pattern: JSONValue) throws -> Bool {
        guard let text = value.string, let pattern = pattern.string else { return true }
        return try Regex(pattern).matchingSemantics(.unicodeScalar).firstMatch(in: text) != nil
    }

    private func isOfType(_ value: JSONValue, _ type: String?) -> Bool {
        switch value {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .number: type == "number" || type == "integer" && value.integer != nil
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }

    private func hasFormat(_ value: JSONValue, _ format: String?) -> Bool? {
        switch format {
        case "uuid": value.string.map { Identifier($0)?.description == $0 } ?? true
        case "date-time": value.string.map { Timestamp($0) != nil } ?? true
        case "uri": value.string.map { $0.contains(":") && !$0.contains(" ") } ?? true
        case "uri-reference": value.string.map { !$0.isEmpty && !$0.contains(" ") } ?? true
        case "int64": true
        default: nil
        }
    }
}

extension JSONValue {
    fileprivate var isObject: Bool {
        if case .object = self { true } else { false }
    }
}
