// SPDX-License-Identifier: Apache-2.0
/// `Retry-After` (RFC 9110 §10.2.3) with jitter: drawn for each response, so that clients that are refused together do not come
/// back together.
public enum RetryAfter {
    /// The longest pause asked for, as a multiple of the least.
    public static let spread = 3

    /// The value of the field: whole seconds, evenly distributed from `least` to ``spread`` times that.
    public static func value(atLeast least: Int) -> String {
        String(Int.random(in: least...least * spread))
    }
}
