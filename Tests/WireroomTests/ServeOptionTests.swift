// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Wireroom

/// Option values that would crash, do nothing or never match are rejected at startup, naming the valid form.
@Suite("Options of serve")
struct ServeOptionTests {
    private func start(
        _ arguments: [String], _ environment: [String: String] = [:]
    ) throws(CommandError) {
        _ = try ServeCommand(
            Arguments(arguments, for: ServeCommand.self, Environment { environment[$0] }))
    }

    @Test(
        "An unusable value is rejected",
        arguments: [
            "access-log 1e-300", "access-log 1e-7", "access-log nan", "access-log inf", "access-log -1",
            "access-log 2",
            "access-log ٠", "origins https://news.example/", "origins https://News.example",
            "origins news.example",
            "origins https://news.example:443", "origins http://news.example:80",
            "origins HTTPS://news.example",
            "origins https://", "origins https://:8443", "origins https://news.example:0",
            "origins https://news.example:65536",
            "origins https://news.example:٨", "origins https://[::1", "origins https://user@news.example",
            "origins https://news.example/a", "origins null", "origins ,", "origins *,https://news.example",
            "origins https://a.example,", "origins https://a.example,https://a.example",
            "origins https://é.example",
            "public-url https://[", "public-url https://:80", "public-url https://a.example:99999",
            "public-url ftp://a.example",
            "public-url https://a.example/path", "reactions ,", "reactions a,,b", "reactions a,a",
            "reactions a,none",
            "reactions ٣",
            "trusted-proxies ,", "trusted-proxies 10.0.0.0/33", "trusted-proxies 10.0.0.1,10.0.0.1",
            "forwarded-field forwarded", "purge-method BAN", "purge-host news.example",
            "purge-url http://h:0",
            "purge-url http://h:+80", "purge-url https://", "purge-url ftp://h", "purge-url http://u@h",
            "purge-url https://h/a", "purge-url http://[::1", "purge-url http://", "poll-interval 0-5",
            "poll-interval 9-5",
            "poll-interval 5", "closed-poll-interval 0-5", "closed-poll-interval 9-5",
            "closed-poll-interval 300", "closed-poll-interval 300-86401", "poll-interval ٥-٦",
            "poll-interval 5-99999999999999999999", "port 65536",
            "port ٨٠", "port -1",
            "workers 0", "workers nan", "workers 99999999999999999999", "cache-bytes -1", "cache-bytes 1e9",
            "commands-per-commit 0", "max-body-bytes 1073741824", "max-body-bytes 0", "buffer-bytes 1",
            "reaction-rate -1", "keep-deleted -1", "keep-deleted 36501", "keep-deleted x", "log-level debug",
            "log-format xml", "log-addresses some", "push-contact ops@news.example",
            "push-contact http://a.example", "push-contact mailto:", "push-rate 100",
        ])
    func refused(option: String) {
        let words = option.split(separator: " ", maxSplits: 1).map(String.init)
        #expect(throws: CommandError.self) { try start(["--\(words[0])=\(words[1])"]) }
    }

    @Test(
        "A usable value is accepted",
        arguments: [
            ["--access-log=0"], ["--access-log=-0"], ["--access-log=1"], ["--access-log=0.000001"],
            ["--origins=*"],
            [
                "--origins=https://news.example, http://localhost:3000,https://[::1]:8443,capacitor://localhost"
            ],
            ["--public-url=https://News.example:443/"], ["--public-url=http://127.0.0.1:8080"],
            ["--reactions=a, b"], ["--reactions=none"],
            ["--trusted-proxies=10.0.0.0/8, ::1", "--forwarded-field=Forwarded"],
            ["--purge-url=http://[::1]:6081/", "--purge-method=BAN", "--purge-host=news.example"],
            ["--purge-url=https://cache.example", "--purge-host=news.example"],
            ["--max-body-bytes=1048576", "--buffer-bytes=1048576"], ["--port=0"],
            ["--closed-poll-interval=1-2"], ["--closed-poll-interval=300-86400"],
            ["--push-contact=mailto:ops@news.example", "--push-rate=10000"],
            ["--push-contact=https://news.example/contact"],
        ])
    func taken(arguments: [String]) {
        #expect(throws: Never.self) { try start(arguments) }
    }

    @Test("An origin that cannot match is rejected, naming the valid form")
    func form() {
        #expect {
            try start(["--origins", "https://news.example/"])
        } throws: { error in
            "\(error)".contains("https://news.example;") && "\(error)".contains("trailing slash")
        }
    }

    @Test(
        "An admin key that cannot be sent is rejected",
        arguments: ["short", "with spaces in its midst", "schlüssel-mit-umlauten"])
    func adminKey(key: String) {
        #expect(throws: CommandError.self) { try start([], ["WIREROOM_ADMIN_KEY": key]) }
    }
}
