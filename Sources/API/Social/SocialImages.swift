// SPDX-License-Identifier: Apache-2.0
internal import HTTP
public import Images
internal import Stories
internal import Synchronization

/// What draws pictures of text; see ``Images/ImageProcessor``.
public protocol SocialDrawing: Sendable {
    /// Draws a picture, with a logo from an open file.
    func draw(_ picture: SocialPicture, logo: Int32?) async throws(ImageError) -> DrawnPicture
    /// Throws if there is nothing to draw with.
    func checkDrawing() async throws(ImageError)
}

extension ImageProcessor: SocialDrawing {}

extension API {
    /// How social images are drawn.
    public struct SocialSettings: Sendable {
        /// What draws them.
        public var drawer: any SocialDrawing
        /// Drawings for one client network. What has been drawn is in memory, and costs none of them.
        public var limit = RateLimit(burst: 30, perMinute: 30)
        /// Drawings for all clients.
        public var wholeLimit = RateLimit(burst: 120, perMinute: 120)
        /// Bytes of drawn pictures that are kept.
        public var cacheBytes = 16 << 20
        /// Called with why there are none, and with what fails, for the operator; must not block.
        public var onTrouble: @Sendable (String) -> Void = { _ in }

        /// Settings with defaults for the rest.
        public init(drawer: any SocialDrawing) { self.drawer = drawer }
    }
}

/// The drawn pictures: each drawn once, by one worker at a time, and kept (LRU eviction).
final class SocialImages: Sendable {
    private let settings: API.SocialSettings
    private let library: MediaLibrary?
    private let clients: RateLimiter
    private let all: RateLimiter
    private let works = Atomic<Bool>(false)
    private let state = Mutex(State())

    fileprivate struct State {
        var drawn: [String: (bytes: [UInt8], usedAt: UInt64)] = [:]  // ascii: digests
        var size = 0
        var clock: UInt64 = 0
        var drawings: [String: Task<[UInt8], any Error>] = [:]  // ascii: digests
    }

    init(_ settings: API.SocialSettings, _ library: MediaLibrary?) {
        (self.settings, self.library) = (settings, library)
        (clients, all) = (RateLimiter(settings.limit), RateLimiter(settings.wholeLimit))
    }

    /// Whether pages may name pictures.
    var isReady: Bool { works.load(ordering: .acquiring) }

    /// Looks whether there is anything to draw with; calls `ready` if so.
    func start(_ ready: @escaping @Sendable () -> Void) {
        Task {
            do throws(ImageError) {
                try await settings.drawer.checkDrawing()
                works.store(true, ordering: .releasing)
                ready()
            } catch {
                settings.onTrouble("there are no social images: \(error.reason)")
            }
        }
    }

    /// Returns the picture of a card, drawn now or before. Throws a `Problem`: 429 for clients who have had many drawn, 503.
    func picture(of card: SocialCard, for client: AddressRange) async throws -> [UInt8] {
        let digest = card.digest
        let task = try state.withLock { state throws(Problem) -> Task<[UInt8], any Error> in
            if let known = state.found(digest) { return Task { known } }
            if let drawing = state.drawings[digest] { return drawing }
            try take(client)
            let task = Task { try await draw(card, digest) }
            state.drawings[digest] = task
            return task
        }
        return try await task.value
    }

    private func take(_ client: AddressRange) throws(Problem) {
        if let decision = clients.take(client), !decision.isAllowed { throw Problem.tooMany(decision) }
        guard let decision = all.take(nil), !decision.isAllowed else { return }
        throw Problem.overloaded
    }

    private func draw(_ card: SocialCard, _ digest: String) async throws -> [UInt8] {
        defer { state.withLock { $0.drawings[digest] = nil } }
        // Without the logo, its name is drawn.
        let logo = await logo(of: card)
        do throws(ImageError) {
            let picture = try await settings.drawer.draw(card.picture, logo: logo?.file.descriptor)
            if let missing = picture.missing {
                let code = String(missing.value, radix: 16, uppercase: true)
                settings.onTrouble("a social image lacks text: no font here has the letter U+\(code)")
            }
            state.withLock { $0.keep(picture.bytes, digest, atMost: settings.cacheBytes) }
            withExtendedLifetime(logo) {}
            return picture.bytes
        } catch {
            if error == .busy { throw Problem.overloaded }
            settings.onTrouble("a social image cannot be drawn: \(error.reason)")
            throw Problem(media: "the picture cannot be drawn at present")
        }
    }

    private func logo(of card: SocialCard) async -> OpenMediaFile? {
        guard let library, let logo = card.logo else { return nil }
        return try? await library.file(logo.id, MediaVariant.original)
    }
}

extension SocialImages.State {
    fileprivate mutating func found(_ digest: String) -> [UInt8]? {
        clock += 1
        drawn[digest]?.usedAt = clock
        return drawn[digest]?.bytes
    }

    fileprivate mutating func keep(_ bytes: [UInt8], _ digest: String, atMost limit: Int) {
        clock += 1
        size += bytes.count - (drawn.updateValue((bytes, clock), forKey: digest)?.bytes.count ?? 0)
        while size > limit, let oldest = drawn.min(by: { $0.value.usedAt < $1.value.usedAt }) {
            drawn[oldest.key] = nil
            size -= oldest.value.bytes.count
        }
    }
}

extension ImageError {
    fileprivate var reason: String {
        switch self {
        case .unsupported(let text), .damaged(let text), .tooLarge(let text), .failed(let text): text
        case .busy: "too many wait already"
        case .storage(let code): "error \(code) of the system"
        }
    }
}
