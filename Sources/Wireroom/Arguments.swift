internal import API
internal import Glibc

/// An option of a command.
struct Option {
    let name: String
    /// What its value is called in the help; `nil` for a switch.
    let value: String?
    /// The environment variable that stands in for it. The option beats the variable.
    let variable: String?
    let help: String
    /// Whether it may be given more than once.
    var repeats = false

    var form: String { "--\(name)" + (value.map { " \($0)" } ?? "") }

    static let database = Option(
        name: "database", value: "PATH", variable: "WIREROOM_DATABASE",
        help: "the database file; default wireroom.db")
    static let publicURL = Option(
        name: "public-url", value: "URL", variable: "WIREROOM_PUBLIC_URL",
        help:
            "the origin under which readers know the server, such as https://live.example.org; default where it listens"
    )
    static let host = Option(
        name: "host", value: "ADDRESS", variable: "WIREROOM_HOST", help: "where to listen; default 127.0.0.1")
    static let port = Option(
        name: "port", value: "NUMBER", variable: "WIREROOM_PORT",
        help: "the port; default 8080, 0 for any free one")
}

/// The environment of a process.
struct Environment: Sendable {
    let variable: @Sendable (String) -> String?

    static let process = Environment { name in
        getenv(name).map { String(cString: $0) }
    }
}

/// The arguments of a command, sorted into operands and options.
struct Arguments {
    private(set) var operands: [String] = []
    private var values: [String: [String]] = [:]
    private let environment: Environment
    private let options: [Option]

    /// Sorts the arguments; throws for an option that the command does not have, naming the near one.
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
            guard parts.count == 1 else { throw .usage("wireroom: \(parts[0]) takes no value") }
            value = ""
        } else if let given = parts.count == 2 ? parts[1] : rest.popFirst(), !given.isEmpty {
            // An empty one comes of a script's unset variable; to SQLite it would name a database that does not last.
            value = given
        } else {
            throw .usage("wireroom: \(parts[0]) needs a value: \(option.form)")
        }
        guard option.repeats || values[option.name] == nil else {
            throw .usage("wireroom: \(parts[0]) is given twice")
        }
        values[option.name, default: []].append(value)
    }

    /// The value of an option, or of the variable that stands in for it.
    func value(_ name: String) -> String? {
        if let given = values[name]?.last { return given }
        let variable = options.first { $0.name == name }?.variable
        return variable.flatMap(environment.variable).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// All values of an option that may repeat.
    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// Whether a switch is given.
    func has(_ name: String) -> Bool { values[name] != nil }

    /// The value of a variable that no option stands for, because others could read it from the list of processes.
    func secret(_ variable: String) -> String? {
        environment.variable(variable).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A whole number.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(CommandError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .usage(
                "wireroom: --\(name) takes a number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\""
            )
        }
        return number
    }

    /// The one operand of a command.
    func onlyOperand(_ what: String) throws(CommandError) -> String {
        guard operands.count == 1 else {
            throw .usage("wireroom: it takes one \(what), not \(operands.count)")
        }
        return operands[0]
    }

    func noOperands() throws(CommandError) {
        guard let first = operands.first else { return }
        throw .usage("wireroom: there is no place for \"\(first)\"")
    }

    /// The database's file; one in memory would be another one for each connection.
    var databasePath: String {
        get throws(CommandError) {
            let path = value("database") ?? "wireroom.db"
            guard !path.isEmpty, path != ":memory:", !path.hasPrefix("file:") else {
                throw .usage("wireroom: --database takes the path of a file, not \"\(path)\"")
            }
            return path
        }
    }
}

extension CommandError {
    static func unknownCommand(_ name: String) -> CommandError {
        let near = SpellingSuggestion.nearest(to: name, among: Wireroom.commands.map { $0.name })
        return .usage(
            "wireroom: there is no command \"\(name)\"" + (near.map { "; did you mean \"\($0)\"?" } ?? "")
                + "\nwireroom --help lists the commands.")
    }

    static func unknownOption(_ name: String, of command: any Command.Type) -> CommandError {
        let near = SpellingSuggestion.nearest(
            to: name, among: command.options.map { "--\($0.name)" } + ["--help", "--version"])
        return .usage(
            "wireroom: there is no option \(name)" + (near.map { "; did you mean \($0)?" } ?? "")
                + "\nwireroom \(command.name) --help lists the options.")
    }
}
