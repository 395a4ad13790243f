// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTP
import JSON
import Support
import Testing

/// The parsed `openapi.yaml`.
struct OpenAPIDocument {
    let root: JSONValue

    /// The document of this package, read once.
    static let shared = Result { OpenAPIDocument(root: try OpenAPIReader.read(try text())) }

    static func text() throws -> String {
        let package = URL(filePath: #filePath).appending(path: "../../..").standardized
        return try String(contentsOf: package.appending(path: "openapi.yaml"), encoding: .utf8)
    }

    /// One method of one path.
    struct Operation: Sendable {
        let method: String
        let template: String
        let value: JSONValue
        /// Its parameters, including those of the path.
        let parameters: [JSONValue]

        var name: String { "\(method) \(template)" }

        /// Returns the parameters in `place` (path, query, header).
        func parameters(in place: String) -> [JSONValue] {
            parameters.filter { $0["in"]?.string == place }
        }
    }

    /// An example of a request body.
    struct Body: Sendable {
        let name: String
        let type: String
        let value: JSONValue

        /// The type with its parameters, as it is sent.
        var sentType: String { isForm ? type + "; boundary=\(Self.boundary)" : type }

        private var isForm: Bool { type == "multipart/form-data" }
        private static let boundary = "example"

        var bytes: [UInt8] {
            if type == "font/woff2" { return FontSample.bytes }
            if let text = value.string, type.hasPrefix("text/") || type.hasPrefix("image/") {
                return Array(text.utf8)
            }
            return isForm ? form : value.jsonText
        }

        /// A form in which each member is a file.
        private var form: [UInt8] {
            guard case .object(let members) = value else { return [] }
            let parts = members.map {
                """
                --\(Self.boundary)\r\nContent-Disposition: form-data; name="\($0.name)"; filename="example"\r
                \r\n\($0.value.string ?? "")\r\n
                """
            }
            return Array((parts.joined() + "--\(Self.boundary)--\r\n").utf8)
        }
    }

    /// Returns the target of a `$ref`, or the value itself. Members beside a `$ref` are ignored.
    func resolved(_ value: JSONValue) throws -> JSONValue {
        guard let reference = value["$ref"]?.string else { return value }
        var found = root
        for part in reference.split(separator: "/").dropFirst() {
            found = try #require(found[String(part)], "\(reference) leads nowhere")
        }
        return found
    }

    func operations() throws -> [Operation] {
        try members(of: root["paths"]).flatMap { path in
            let shared = try list(path.value["parameters"])
            return try members(of: path.value).filter { $0.name != "parameters" }.map {
                Operation(
                    method: $0.name.uppercased(), template: path.name, value: $0.value,
                    parameters: shared + (try list($0.value["parameters"])))
            }
        }
    }

    func operation(_ method: Method, _ template: String) throws -> Operation {
        try #require(try operations().first { $0.method == method.rawValue && $0.template == template })
    }

    /// Returns the response that an operation documents for a status; with `orDefault`, falls back to the default response.
    func response(_ operation: Operation, _ status: Int, orDefault: Bool = false) throws -> JSONValue? {
        let responses = operation.value["responses"]
        let found = responses?["\(status)"] ?? (orDefault ? responses?["default"] : nil)
        return try found.map(resolved)
    }

    func requestBodies(_ operation: Operation) throws -> [Body] {
        guard let body = operation.value["requestBody"] else { return [] }
        return try members(of: try resolved(body)["content"]).flatMap { content in
            try examples(of: content.value).map { Body(name: $0.name, type: content.name, value: $0.value) }
        }
    }

    /// Returns the examples of a media type.
    func examples(of content: JSONValue) throws -> [JSONValue.Member] {
        try members(of: content["examples"]).map {
            JSONValue.Member($0.name, try #require(try resolved($0.value)["value"]))
        }
    }

    private func list(_ value: JSONValue?) throws -> [JSONValue] {
        try (value?.items ?? []).map(resolved)
    }

    func members(of value: JSONValue?) -> [JSONValue.Member] {
        if case .object(let members) = value { members } else { [] }
    }
}

extension JSONValue {
    /// The value as JSON text.
    fileprivate var jsonText: [UInt8] {
        var writer = JSONWriter()
        write(self, to: &writer)
        return writer.bytes
    }

    private func write(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value {
        case .null: writer.raw("null".utf8)
        case .bool(let bool): writer.raw("\(bool)".utf8)
        case .number(let digits): writer.raw(digits.utf8)
        case .string(let text): writer.string(text)
        case .array(let items): writer.array { writer in for item in items { write(item, to: &writer) } }
        case .object(let members):
            writer.object { writer in
                for member in members {
                    writer.member(named: member.name) { write(member.value, to: &$0) }
                }
            }
        }
    }
}
