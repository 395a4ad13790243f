// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HTTP

@Suite("The connection state machine")
struct ConnectionStateTests {
    private let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test("an idle connection is closed without a response at its timeout, not earlier")
    func closesIdle() {
        var driver = StateDriver()
        #expect(driver.state.deadline == driver.now + .seconds(60))
        driver.pass(.seconds(59))
        #expect(driver.outcomes.isEmpty)
        driver.pass(.seconds(1))
        #expect(driver.outcomes == [.close])
    }

    @Test("each response restarts the keep-alive timeout")
    func restartsIdleTime() {
        var driver = StateDriver()
        driver.pass(.seconds(50))
        driver.receive(get)
        driver.pass(.seconds(59))
        #expect(driver.outcomes == [.request("GET /", body: "")])
        driver.pass(.seconds(1))
        #expect(driver.outcomes.last == .close)
    }

    @Test("a slowloris head is refused ten seconds after its first byte")
    func limitsHeaderTime() {
        var driver = StateDriver()
        driver.pass(.seconds(30))
        for byte in get.prefix(9) {
            driver.receive(String(byte))
            driver.pass(.seconds(1))
        }
        #expect(driver.outcomes.isEmpty)
        driver.pass(.seconds(1))
        #expect(driver.outcomes == [.failure(408, "the request head did not come in time")])
    }

    @Test("the body timeout starts at the end of the head")
    func limitsBodyTime() {
        var driver = StateDriver()
        driver.receive("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
        driver.pass(.seconds(29))
        driver.receive("1")
        #expect(driver.outcomes.isEmpty)
        driver.pass(.seconds(1))
        #expect(driver.outcomes == [.failure(408, "the request body did not come in time")])
    }

    @Test("a request in flight has no deadline, and nothing is read")
    func waitsForAnswers() {
        var driver = StateDriver()
        driver.answersAtOnce = false
        driver.receive(get + get)
        #expect(driver.requests.count == 1)
        #expect(!driver.state.wantsInput)
        #expect(driver.state.deadline == .never)
        driver.pass(.seconds(3600))
        #expect(driver.requests.count == 1)
        driver.state.answered(at: driver.now)
        driver.advance()
        #expect(driver.requests.count == 2)
    }

    @Test("a client that reads nothing for thirty seconds is closed")
    func limitsStalledWrites() {
        var driver = StateDriver()
        driver.answersAtOnce = false
        driver.receive(get)
        driver.state.outputProgressed(isEmpty: false, at: driver.now)
        driver.pass(.seconds(29))
        driver.state.outputProgressed(isEmpty: false, at: driver.now)
        driver.pass(.seconds(29))
        #expect(driver.outcomes.count == 1)
        driver.pass(.seconds(1))
        #expect(driver.state.isStalled(at: driver.now))
        #expect(driver.outcomes.last == .close)
    }

    @Test("after a refusal input is discarded, up to a time and an amount (lingering close)")
    func lingers() {
        for isByTime in [true, false] {
            var driver = StateDriver()
            driver.receive("nonsense\r\n\r\n")
            driver.receive(get)
            #expect(driver.outcomes.count == 1)
            #expect(driver.state.wantsInput)
            if isByTime {
                driver.pass(.seconds(2))
            } else {
                driver.receive(String(repeating: "x", count: 1_100_000))
            }
            #expect(driver.outcomes.last == .close)
        }
    }

    @Test("the end of input closes at once, or after the current response")
    func endsWithInput() {
        var idle = StateDriver()
        idle.receive("GET /")
        idle.state.receiveEnd()
        idle.advance()
        #expect(idle.outcomes == [.close])
        var busy = StateDriver()
        busy.answersAtOnce = false
        busy.receive(get)
        busy.state.receiveEnd()
        busy.advance()
        #expect(busy.outcomes.count == 1)
        busy.state.answered(at: busy.now)
        busy.advance()
        #expect(busy.outcomes.last == .close)
    }

    @Test("on shutdown an idle connection closes, and a request in flight gets the last response")
    func stops() {
        var idle = StateDriver()
        idle.state.stop()
        idle.advance()
        #expect(idle.outcomes == [.close])
        var reading = StateDriver()
        reading.receive("GET / HTTP")
        reading.state.stop()
        reading.advance()
        #expect(reading.outcomes.isEmpty)
        reading.answersAtOnce = false
        reading.receive("/1.1\r\nHost: x\r\n\r\n")
        #expect(reading.state.option == .close)
    }

    @Test(
        "persistence follows RFC 9112 §9.3",
        arguments: [
            ("1.1", "X: y", ConnectionOption.none), ("1.1", "Connection: close", .close),
            ("1.1", "Connection: foo,CLOSE , bar", .close), ("1.1", "Connection: closed", .none),
            ("1.1", "Connection: keep-alive", .none), ("1.0", "X: y", .close),
            ("1.0", "Connection: Keep-Alive", .keepAlive), ("1.0", "Connection: keep-alive, close", .close),
        ])
    func keepsOrCloses(version: String, field: String, option: ConnectionOption) {
        var driver = StateDriver()
        driver.answersAtOnce = false
        driver.receive("GET / HTTP/\(version)\r\nHost: x\r\n\(field)\r\n\r\n")
        #expect(driver.state.option == option)
    }
}
