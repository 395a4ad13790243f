// SPDX-License-Identifier: Apache-2.0
internal import CZlib

/// Decompresses gzip (RFC 1952).
public func gunzip(_ bytes: [UInt8]) throws -> [UInt8] {
    var (stream, plain) = (z_stream(), [UInt8]())
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
        throw GunzipError(code: Z_MEM_ERROR)
    }
    defer { inflateEnd(&stream) }
    var code = Z_OK
    bytes.withUnsafeBufferPointer { input in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(input.count)
        while code == Z_OK {
            plain += [UInt8](unsafeUninitializedCapacity: 64 * 1024) { room, count in
                stream.next_out = room.baseAddress
                stream.avail_out = UInt32(room.count)
                code = inflate(&stream, Z_NO_FLUSH)
                count = room.count - Int(stream.avail_out)
            }
        }
    }
    guard code == Z_STREAM_END, stream.avail_in == 0 else { throw GunzipError(code: code) }
    return plain
}

/// The input is corrupt or truncated.
public struct GunzipError: Error {
    let code: Int32
}
