internal import CZlib

/// The bytes in gzip's form (RFC 1952), by zlib at its middle level: what is compressed once is sent a thousand times, but
/// also made anew with each change.
///
/// The same bytes give the same result: the frame's time is left 0.
///
/// - Returns: `nil` where there was no memory for it.
public func gzip(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    guard czlib_gzip_begin(&stream, 6) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    var result = Z_OK
    // One step does it all where the room is as large as the bound.
    let packed = [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(bytes.count)))) {
        room, count in
        bytes.withUnsafeBufferPointer { input in
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.avail_in = UInt32(input.count)
            stream.next_out = room.baseAddress
            stream.avail_out = UInt32(room.count)
            result = deflate(&stream, Z_FINISH)
        }
        count = Int(stream.total_out)
    }
    return result == Z_STREAM_END ? packed : nil
}
