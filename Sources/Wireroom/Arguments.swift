// SPDX-License-Identifier: Apache-2.0
internal import API
internal import Glibc

/// An option of a command.
struct Option {
    let name: String
    /// The placeholder for its value in the help; `nil` for a switch.
    let value: String?
    /// The environment variable that sets it. The option takes precedence.
    let variable: String?
    /// The value that applies if neither is given, or a description of it; `nil` if there is none.
    var defaultValue: String?
    let help: String
    /// Whether it may be given more than once.
    var repeats = false

    var form: String { "--\(name)" + (value.map { " \($0)" } ?? "") }

    /// Its entry in the help.
    var entry: String {
        let notes = [defaultValue.map { "[default: \($0)]" }, variable.map { "[env: \($0)]" }].compactMap {
            $0
        }
        return "  \(form)\n      " + ([help] + notes).joined(separator: " ")
    }

    static let defaultDatabase = "wireroom.db"
    static let defaultHost = "127.0.0.1"
    static let defaultPort = 8080

    static let database = Option(
        name: "database", value: "LOCATION", variable: "WIREROOM_DATABASE", defaultValue: defaultDatabase,
        help: "the database: a file, or a postgres:// address")
    static let publicURL = Option(
        name: "public-url", value: "URL", variable: "WIREROOM_PUBLIC_URL",
        defaultValue: "the listening address",
        help: "the public origin, such as https://live.example.org")
    static let host = Option(
        name: "host", value: "ADDRESS", variable: "WIREROOM_HOST", defaultValue: defaultHost,
        help: "the address to listen on")
    static let port = Option(
        name: "port", value: "NUMBER", variable: "WIREROOM_PORT", defaultValue: "\(defaultPort)",
        help: "the port to listen on; 0 picks a free one")
}

/// The environment of a process.
struct Environment: Sendable {
    let variable: @Sendable (String) -> String?

    static let process = Environment { name in
        getenv(name).map { String(cString: $0) }
    }
}

/// The arguments of a command, parsed into operands and options.
struct Arguments {
    private(set) var operands: [String] = []
    private var values: [String: [String]] = [:]
    private let environment: Environment
    private let options: [Option]

    /// Parses the arguments; for an unknown option it throws an error that suggests the closest match.
    init(
        _ arguments: [String], for command: any Command.Type, _ environment: Environment
    ) throws(CommandError) {
        self.environment = environment
        options = command.options
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                operands += rest
                break
            }
            guard argument.hasPrefix("-"), argument != "-" else {
                operands.append(argument)
                continue
            }
            try take(argument, &rest, command)
        }
    }

    private mutating func take(
        _ argument: String, _ rest: inout ArraySlice<String>, _ command: any Command.Type
    ) throws(CommandError) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        guard let option = options.first(where: { "--\($0.name)" == parts[0] }) else {
            throw .unknownOption(parts[0], of: command)
        }
        let value: String
        if option.value == nil {
            guard parts.count == 1 else { throw .usage("wireroom: \(parts[0]) does not take a value") }
            value = ""
        } else if let given = parts.count == 2 ? parts[1] : rest.popFirst(), !given.isEmpty {
            // An empty value usually comes from an unset variable in a script; SQLite would open a temporary database for it.
            value = given
        } else {
            throw .usage("wireroom: \(parts[0]) requires a value: \(option.form)")
        }
        guard option.repeats || values[option.name] == nil else {
            throw .usage("wireroom: \(parts[0]) was given more than once")
        }
        values[option.name, default: []].append(value)
    }

    /// The value of an option, otherwise of its environment variable; `nil` if neither is set.
    func value(_ name: String) -> String? {
        if let given = values[name]?.last { return given }
        let variable = options.first { $0.name == name }?.variable
        return variable.flatMap(environment.variable).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether a switch, or another option, was given on the command line.
    func has(_ name: String) -> Bool { values[name] != nil }

    /// All values of a repeatable option.
    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// A secret from the environment. Secrets have no option, because command lines are visible to other users.
    func secret(_ variable: String) -> String? {
        environment.variable(variable).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The value of an option as an integer. Throws a usage error if it is outside of the range.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(CommandError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .usage(
                "wireroom: --\(name) must be an integer from \(range.lowerBound) to \(range.upperBound), not \"\(text)\""
            )
        }
        return number
    }

    /// The only operand of a command.
    func onlyOperand(_ what: String) throws(CommandError) -> String {
        guard operands.count == 1 else {
            throw .usage("wireroom: expected one operand (the \(what)), but got \(operands.count)")
        }
        return operands[0]
    }

    func noOperands() throws(CommandError) {
        guard let first = operands.first else { return }
        throw .usage("wireroom: unexpected argument \"\(first)\"")
    }
}

extension CommandError {
    static func unknownCommand(_ name: String) -> CommandError {
        let near = SpellingSuggestion.nearest(to: name, among: Wireroom.commands.map { $0.name })
        return .usage(
            "wireroom: unknown command \"\(name)\"" + (near.map { "; did you mean \"\($0)\"?" } ?? "")
                + "\nRun \"wireroom --help\" for a list of commands.")
    }

    static func unknownOption(_ name: String, of command: any Command.Type) -> CommandError {
        let near = SpellingSuggestion.nearest(
            to: name, among: command.options.map { "--\($0.name)" } + ["--help", "--version"])
        return .usage(
            "wireroom: unknown option \(name)" + (near.map { "; did you mean \($0)?" } ?? "")
                + "\nRun \"wireroom \(command.name) --help\" for a list of options.")
    }
}
