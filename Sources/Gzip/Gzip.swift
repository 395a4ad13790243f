// SPDX-License-Identifier: Apache-2.0
internal import CZlib

/// Compresses to gzip format (RFC 1952) with zlib level 6: a response is sent thousands of times per compression, but compressed
/// again after each change.
///
/// Deterministic: MTIME is 0.
///
/// - Returns: `nil` if memory is exhausted.
public func gzip(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    guard czlib_gzip_begin(&stream, 6) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    var result = Z_OK
    // A single deflate call suffices if the output buffer has the size of deflateBound.
    let compressed = [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(bytes.count)))) {
        buffer, count in
        bytes.withUnsafeBufferPointer { input in
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.avail_in = UInt32(input.count)
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(buffer.count)
            result = deflate(&stream, Z_FINISH)
        }
        count = Int(stream.total_out)
    }
    return result == Z_STREAM_END ? compressed : nil
}
