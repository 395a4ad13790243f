// SPDX-License-Identifier: Apache-2.0
internal import JSON
internal import Stories

/// The format of log lines.
enum LogFormat: String, CaseIterable {
    /// Time, level, message, then `name=value` fields, for people and grep.
    case text
    /// One JSON object per line, for machines.
    case json
}

/// A log event.
struct LogLine {
    enum Level: String, CaseIterable, Comparable {
        case info, warning, error

        static func < (left: Level, right: Level) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }
    }

    enum Value {
        case text(String)
        case integer(Int)
        case milliseconds(Double)
    }

    let time = Timestamp.now
    let level: Level
    let message: String
    /// Further fields, in this order.
    var fields: [(name: String, value: Value)] = []

    /// The line, without a line break.
    func text(_ format: LogFormat) -> String {
        switch format {
        case .text: plain
        case .json: String(decoding: JSONWriter.bytes(of: self), as: UTF8.self)
        }
    }

    private var plain: String {
        fields.reduce("\(time) \(level.rawValue) \(message.visible)") { $0 + " \($1.name)=\($1.value.plain)" }
    }
}

extension LogLine.Value {
    fileprivate var plain: String {
        switch self {
        case .text(let text):
            let visible = text.visible
            let isWord = !visible.isEmpty && visible.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") }
            return isWord ? visible : visible.quoted
        case .integer(let number): return "\(number)"
        case .milliseconds(let number): return Self.rounded(number)
        }
    }

    /// Rounded to three decimals: `0.042`.
    private static func rounded(_ milliseconds: Double) -> String {
        let thousandths = Int((milliseconds * 1_000).rounded())
        let rest = String(thousandths % 1_000)
        return "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}

extension LogLine: JSONWritable {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("time", time.description)
            writer.member("level", level.rawValue)
            writer.member("message", message.visible)
            for (name, value) in fields {
                writer.member(named: name) { writer in
                    switch value {
                    case .text(let text): writer.string(text.visible)
                    case .integer, .milliseconds: writer.raw(value.plain.utf8)
                    }
                }
            }
        }
    }
}

extension String {
    /// In double quotes, with quotes and backslashes escaped.
    fileprivate var quoted: String {
        unicodeScalars.reduce(into: "\"") { text, scalar in
            if scalar == "\"" || scalar == "\\" { text += "\\" }
            text.unicodeScalars.append(scalar)
        } + "\""
    }

    /// With invisible characters escaped as `\u{…}`, against log injection: a message must not look like several, or like another
    /// one.
    fileprivate var visible: String {
        guard unicodeScalars.contains(where: \.isInvisible) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.isInvisible {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }
}

extension Unicode.Scalar {
    /// Whether it may render as nothing or change the layout: control and format characters (such as bidirectional marks), line and
    /// paragraph separators, unassigned and private-use code points.
    var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: true
        default: false
        }
    }
}
