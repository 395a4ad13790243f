// A wall clock may be set back, or jump ahead and come back. What has an order keeps it.

extension Publication {
    /// When an update that readers get now is said to have been published: now, but not before what the story published `last`, so
    /// that it stands on top. What comes while the clock is behind shares one time, and its ids, which only go up, give the order; a
    /// draft, whose id may be older, comes a millisecond later.
    public static func time(
        of id: Identifier, after last: (time: Timestamp, id: Identifier)?, at now: Timestamp
    ) -> Timestamp {
        guard let last, now < last.time else { return now }
        guard id < last.id else { return last.time }
        return Timestamp(milliseconds: last.time.milliseconds + 1)
    }

    /// When each of the scheduled updates that are due, in the order of their times, is said to have been published: now, but what was
    /// due earlier a millisecond earlier, so that updates that come late all together are still listed in their order. Never before
    /// its time.
    public static func times(ofDue due: [Timestamp?], at now: Timestamp) -> [Timestamp] {
        var times = [Timestamp](repeating: now, count: due.count)
        for index in due.indices.dropLast().reversed() {
            let isEarlier = due[index] != due[index + 1]
            times[index] = Timestamp(milliseconds: times[index + 1].milliseconds - (isEarlier ? 1 : 0))
        }
        return times
    }
}

extension IdentifierGenerator {
    /// Ids from this on were not made by this program, whose clock says `now`, and which was last active then: a clock that was ahead
    /// by more than a year was noticed. One that was reset to its beginning is no measure, so the last activity counts too.
    public static func implausible(at now: Timestamp, lastActive: Timestamp?) -> Identifier {
        let latest = max(now, lastActive ?? now)
        return firstIdentifier(at: Timestamp(milliseconds: latest.milliseconds &+ plausibleMilliseconds))
    }

    private static let plausibleMilliseconds: Int64 = 366 * 24 * 60 * 60 * 1_000
}
