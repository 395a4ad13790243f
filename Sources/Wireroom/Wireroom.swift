internal import Glibc

/// The program: finds the command that its arguments name, and runs it.
@main
enum Wireroom {
    static let version = "0.1.0"

    static func main() async {
        exit(await run(Array(CommandLine.arguments.dropFirst()), environment: Environment.process))
    }

    /// Runs the command; gives the exit code: 0 done, 1 failed, 2 called wrongly.
    static func run(_ arguments: [String], environment: Environment) async -> Int32 {
        do throws(CommandError) {
            try await dispatch(arguments, environment)
            return 0
        } catch {
            say(error.message, to: STDERR_FILENO)
            return error.exitCode
        }
    }

    static let commands: [any Command.Type] = [
        ServeCommand.self, ImportCommand.self, ExportCommand.self, MigrateCommand.self, KeysCommand.self,
        BackupCommand.self, RestoreCommand.self, VerifyCommand.self, HealthCommand.self,
    ]

    private static func dispatch(_ arguments: [String], _ environment: Environment) async throws(CommandError)
    {
        guard let name = arguments.first else { throw .usage(usage) }
        switch name {
        case "--help", "-h", "help": say(usage)
        case "--version": say("wireroom \(version)")
        default:
            guard let command = commands.first(where: { $0.name == name }) else {
                throw .unknownCommand(name)
            }
            try await run(command, Array(arguments.dropFirst()), environment)
        }
    }

    private static func run(
        _ command: any Command.Type, _ arguments: [String], _ environment: Environment
    ) async throws(CommandError) {
        if arguments.contains("--help") || arguments.contains("-h") { return say(command.help) }
        if arguments.contains("--version") { return say("wireroom \(version)") }
        let parsed = try Arguments(arguments, for: command, environment)
        try await command.init(parsed).run()
    }

    private static let usage = """
        Usage: wireroom COMMAND [OPTIONS]

        A server for live-update feeds: stories, timestamped updates, links and reactions over HTTP, in one SQLite file.

        Commands:
        \(commands.map { "  \($0.name.padded(to: 10))\($0.summary)" }.joined(separator: "\n"))

        wireroom COMMAND --help tells more. wireroom --version tells the version.
        """
}

/// A command of the program.
protocol Command: Sendable {
    static var name: String { get }
    /// One line of the list of commands.
    static var summary: String { get }
    /// What comes before the options: `FILE|-`.
    static var operands: String { get }
    static var options: [Option] { get }
    /// More than the summary, for `--help`.
    static var details: String { get }

    /// Reads its arguments; throws where they make no sense.
    init(_ arguments: Arguments) throws(CommandError)
    func run() async throws(CommandError)
}

extension Command {
    static var operands: String { "" }
    static var details: String { "" }

    static var help: String {
        var text =
            "Usage: wireroom \(name)\(operands.isEmpty ? "" : " " + operands) [OPTIONS]\n\n\(summary)\n"
        if !details.isEmpty { text += "\n\(details)\n" }
        let lines = options.map {
            "  \($0.form.padded(to: 24))\($0.help)\($0.variable.map { " (or \($0))" } ?? "")"
        }
        return text + "\nOptions:\n" + (lines + ["  --help", "  --version"]).joined(separator: "\n")
    }
}

extension String {
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(width - count, 1))
    }
}

/// Why a command did not do what was asked.
struct CommandError: Error {
    let message: String
    let exitCode: Int32

    /// It was called rightly and failed.
    static func failure(_ message: String) -> CommandError {
        CommandError(message: "wireroom: \(message)", exitCode: 1)
    }

    /// It was called wrongly.
    static func usage(_ message: String) -> CommandError {
        CommandError(message: message, exitCode: 2)
    }
}
