// SPDX-License-Identifier: Apache-2.0
import API
import HTTP
import Images
import Support
import Synchronization
import Testing

/// Stands for the worker that draws: a picture is the bytes of what it shows.
final class FakeDrawer: SocialDrawing {
    private let pictures = Mutex<[SocialPicture]>([])
    private let error: ImageError?
    let isMissing: Bool

    /// What was drawn, in order.
    var drawn: [SocialPicture] { pictures.withLock { $0 } }

    /// `isMissing`: there is no library.
    init(isMissing: Bool = false, _ error: ImageError? = nil) {
        (self.isMissing, self.error) = (isMissing, error)
    }

    func draw(_ picture: SocialPicture, logo: Int32?) async throws(ImageError) -> DrawnPicture {
        if let error { throw error }
        // Others who want it come meanwhile.
        for _ in 0..<10 { await Task.yield() }
        pictures.withLock { $0.append(picture) }
        return DrawnPicture(bytes: picture.bytes)
    }

    func checkDrawing() async throws(ImageError) {
        if isMissing { throw .failed("they need a library") }
    }

    /// Waits until an API knows that there is something to draw with.
    static func await(_ api: API) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !isReady(api) {
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// A well-formed address leads somewhere once pictures are drawn, unless there is no story.
    private static func isReady(_ api: API) async throws -> Bool {
        let list = await api.response(to: try Request(.get, "/stories"))
        guard let story = String(decoding: list.body, as: UTF8.self).firstMatch(of: #/"slug":"([^"]+)"/#)
        else {
            return true
        }
        let path = "/stories/\(story.1)/social/\(String(repeating: "0", count: 32)).png"
        return await api.response(to: try Request(.get, path)).status != .notFound
    }
}
