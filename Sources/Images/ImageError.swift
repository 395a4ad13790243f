// SPDX-License-Identifier: Apache-2.0
/// Why a picture was not processed. Texts are complete sentences without the name of a file, fit for the client who sent the picture; that
/// of `failed` is for the operator.
public enum ImageError: Error, Hashable, Sendable {
    /// The bytes are not a picture in one of the formats that are read; says what they are.
    case unsupported(String)
    /// The bytes begin like a picture, but cannot be decoded; says what is wrong.
    case damaged(String)
    /// The picture exceeds a bound of ``ImageLimits``; says which.
    case tooLarge(String)
    /// Too many pictures wait for their turn already. Nothing has been done.
    case busy
    /// The files could not be written, or the picture could not be read; with the system's `errno`.
    case storage(Int32)
    /// The worker could not be started, a library is missing, or it was cancelled.
    case failed(String)
}
