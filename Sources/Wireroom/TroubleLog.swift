internal import Stories
internal import Synchronization

/// Tells the operator of storage in trouble: the first time at once, then not more than once in a while, for every
/// request meets the same trouble.
final class TroubleLog: Sendable {
    private let last = Mutex<[StoryError.StorageTrouble: Timestamp]>([:])

    private static let pauseMilliseconds: Int64 = 10_000

    func note(_ trouble: StoryError.StorageTrouble) {
        let now = Timestamp.now
        let isDue = last.withLock { last in
            if let earlier = last[trouble], now.milliseconds - earlier.milliseconds < Self.pauseMilliseconds {
                return false
            }
            last[trouble] = now
            return true
        }
        if isDue { Log.write(.error, trouble.message + "; writes or reads fail until that is mended") }
    }
}

extension StoryError.StorageTrouble {
    /// For the operator.
    var message: String {
        switch self {
        case .busy: "the database is busy"
        case .full: "the disk is full"
        case .readOnly: "the database cannot be written"
        case .corrupt(let detail), .unavailable(let detail): "the database cannot be used: \(detail)"
        }
    }
}
