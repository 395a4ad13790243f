// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Glibc
internal import Images

/// The program: dispatches to the command named by its first argument.
@main
enum Wireroom {
    /// The version, set here and nowhere else: `scripts/release` rewrites it and the files that repeat it.
    static let version = "0.1.0"

    /// Not `async`: that would start threads, and the image worker must have none but its own.
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        // Not in the help: the server starts it for each picture.
        if arguments.first == ImageWorker.command { ImageWorker.run(Array(arguments.dropFirst())) }
        if arguments.first == DrawingWorker.command { DrawingWorker.run(Array(arguments.dropFirst())) }
        Task { exit(await run(arguments, environment: Environment.process)) }
        dispatchMain()
    }

    /// Runs the command and returns its exit code: 0 for success, 1 for failure, 2 for a usage error.
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
        SiteCommand.self,
        BackupCommand.self, RestoreCommand.self, VerifyCommand.self, MoveCommand.self, EraseCommand.self,
        HealthCommand.self,
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

        An HTTP JSON API server for live-update feeds, over an SQLite file or a PostgreSQL database.

        Commands:
        \(commands.map { "  \($0.name.padded(to: 10))\($0.summary)" }.joined(separator: "\n"))

        Run "wireroom COMMAND --help" for the options of a command, "wireroom --version" for the version.
        """
}

/// A command of the program.
protocol Command: Sendable {
    static var name: String { get }
    /// One line for the list of commands.
    static var summary: String { get }
    /// The operands, as in a usage line: `FILE|-`.
    static var operands: String { get }
    static var options: [Option] { get }
    /// Further help, below the summary.
    static var details: String { get }

    /// Validates the arguments; throws a usage error.
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
        return text + "\nOptions:\n"
            + (options.map(\.entry) + ["  --help", "  --version"]).joined(separator: "\n")
    }
}

extension String {
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(width - count, 1))
    }
}

/// An error that ends the command, with its message and exit code.
struct CommandError: Error {
    let message: String
    let exitCode: Int32

    /// The command failed.
    static func failure(_ message: String) -> CommandError {
        CommandError(message: "wireroom: \(message)", exitCode: 1)
    }

    /// The command line is invalid.
    static func usage(_ message: String) -> CommandError {
        CommandError(message: message, exitCode: 2)
    }
}
