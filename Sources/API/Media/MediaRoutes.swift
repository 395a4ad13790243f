// SPDX-License-Identifier: Apache-2.0
internal import Crypto
internal import HTTP
internal import Images
internal import JSON
internal import MediaFiles
internal import Stories

extension Endpoints {
    /// Media assets: pictures that are uploaded here. Without a library, uploads are refused and nothing is found.
    mutating func addMedia(_ library: MediaLibrary?) {
        addMediaWrites(library)
        addMediaReads(library)
    }

    private mutating func addMediaWrites(_ library: MediaLibrary?) {
        let store = store
        let policy = library.map {
            SpoolPolicy(folder: $0.settings.spoolFolder, limit: $0.settings.maximumBytes)
        }
        on(.post, "/media", .key, spool: policy) { call in
            guard let library else { throw Problem.noMedia }
            do {
                return try await call.upload(to: library, store)
            } catch {
                library.meter.countRefused()
                throw library.problem(error)
            }
        }
        on(.delete, "/media/{media}", .key) { call in
            let asset = try await store.deleteMedia(try call.media, access: call.access)
            await library?.removeFiles(of: [asset])
            _ = await call.purge(asset.paths)
            return Response(.noContent)
        }
    }

    private mutating func addMediaReads(_ library: MediaLibrary?) {
        let store = store
        onFile("/media/{media}") { call in try call.answer(MediaVariant.original, from: library) }
        on(.get, "/media/{media}/metadata", .nothing) { call in
            .digested(try await store.media(try call.media), to: call.request)
        }
        onFile("/media/{media}/{variant}") { call in
            guard let name = MediaVariant.smallerName(call.request.parameters["variant"] ?? "") else {
                throw Problem(.notFound(.media))
            }
            return try call.answer(name, from: library)
        }
    }
}

extension Call {
    /// The asset named by the path; 404 for a text that is not an id.
    fileprivate var media: Identifier {
        get throws(Problem) {
            guard let id = Identifier(request.parameters["media"] ?? "") else {
                throw Problem(.notFound(.media))
            }
            return id
        }
    }

    // MARK: Reading

    /// Answers with a file: on the worker if it is open, otherwise once it is.
    fileprivate func answer(_ name: String, from library: MediaLibrary?) throws -> Answer {
        let id = try media
        guard let library else { throw Problem(.notFound(.media)) }
        if let file = library.fileAtHand(id, name) { return .ready(try response(file)) }
        return pending { .ready(try response(try await library.file(id, name))) }
    }

    private func response(_ open: OpenMediaFile) throws(FileRefusal) -> Response {
        var response = try Response.file(
            open.file, type: open.type.rawValue, etag: open.entityTag,
            // What an id leads to never changes: it is made of the bytes (RFC 8246).
            cacheControl: "public, max-age=31536000, immutable", for: request)
        // Opened as a page, it can do nothing.
        response.headers[.contentSecurityPolicy] = "default-src 'none'; sandbox"
        return response
    }

    // MARK: Writing

    /// Takes an upload: 201 with the asset, or 200 if its bytes are here already. If their files are not, they are written again.
    fileprivate func upload(to library: MediaLibrary, _ store: any StoryStore) async throws -> Response {
        let upload = try await MediaUpload(request)
        let digest = try await FileDigest.sha256(of: upload.body.descriptor, upload.range)
        // Of the picture, not of the request: the boundary of a form is another at each try.
        let identity = sha256("POST /media\n".utf8 + digest)
        guard let id = Identifier(digest: digest) else { preconditionFailure("a SHA-256 has 32 bytes") }
        let known = try await library.known(id)
        if known?.isLost == false, let response = try await uploadAgain(of: id, identity, store) {
            library.meter.countKnown()
            return response
        }
        return try await add(upload, id, insteadOf: known?.folder, identity, to: library, store)
    }

    /// Makes the files of an upload and adds the asset; `lost` is the folder of an earlier upload whose files are gone.
    private func add(
        _ upload: MediaUpload, _ id: Identifier, insteadOf lost: String?, _ identity: [UInt8],
        to library: MediaLibrary, _ store: any StoryStore
    ) async throws -> Response {
        let asset = try await library.make(upload, id: id)
        var stored: MediaAsset?
        do {
            let response = try await perform(
                identity: identity, answering: { Response.media($0, new: asset, isKnown: lost != nil) }
            ) {
                let added = try await store.addMedia(
                    asset, insteadOf: lost, idempotency: $0, access: access)
                stored = added
                return added
            }
            // Of a replay nothing was stored.
            await library.finish(asset, stored: stored, insteadOf: lost)
            return response
        } catch {
            // If the write is in doubt, the row may be there; the sweep looks later.
            if error as? StoryError != .storage(.inDoubt) { await library.removeFolders([asset.folder]) }
            throw error
        }
    }

    /// The response to an upload whose bytes are here already, without decoding them; `nil` if they are not.
    private func uploadAgain(
        of id: Identifier, _ identity: [UInt8], _ store: any StoryStore
    ) async throws -> Response? {
        do {
            return try await perform(identity: identity, answering: { Response.json($0) }) {
                try await store.noteUpload(of: id, idempotency: $0, access: access)
            }
        } catch StoryError.notFound {
            return nil
        }
    }
}

extension MediaLibrary {
    /// Counts an upload, and removes its files if those of an earlier one are kept, or what is left of the lost ones that they replace.
    fileprivate func finish(_ asset: MediaAsset, stored: MediaAsset?, insteadOf lost: String?) async {
        guard stored?.folder == asset.folder else {
            meter.countKnown()
            await removeFolders([asset.folder])
            return
        }
        meter.countAdded(bytes: asset.variants.reduce(0) { $0 + $1.bytes })
        if let lost { await forgetFiles(of: asset.id, in: lost) }
    }

    /// Maps what can go wrong with an upload; what concerns the operator is reported.
    fileprivate func problem(_ error: any Error) -> any Error {
        switch error {
        case ImageError.unsupported(let what): return Problem(.unsupportedMediaType, what)
        case ImageError.damaged(let what), ImageError.tooLarge(let what):
            var problem = Problem(.validation, what)
            problem.errors = [ValidationError("", what)]
            return problem
        case ImageError.busy: return Problem.overloaded
        case ImageError.storage(let code): return problem(of: FileError(call: "write", code: code))
        case ImageError.failed(let why):
            settings.onTrouble("pictures cannot be processed: \(why)")
            return Problem(media: "pictures cannot be processed at present; nothing was done")
        case let error as FileError: return problem(of: error)
        default: return error
        }
    }

    private func problem(of error: FileError) -> Problem {
        settings.onTrouble("the files of a picture cannot be written: \(error)")
        if error.isFull {
            var problem = Problem(.storageFull, "the disk of the pictures is full; nothing was done")
            problem.headers[.retryAfter] = RetryAfter.value(atLeast: 30)
            return problem
        }
        return Problem(media: "the files of pictures cannot be written at present; nothing was done")
    }
}

extension Problem {
    /// No folder for pictures is configured.
    static var noMedia: Problem {
        Problem(
            Kind(.notImplemented),
            "this server has no folder for pictures; its operator can name one with --media")
    }

    /// The storage or the decoder fails: 503.
    init(media detail: String) {
        self.init(.storage, detail)
        headers[.retryAfter] = RetryAfter.value(atLeast: 5)
    }
}

extension Response {
    /// The asset that is stored: 201 if it is the new one, 200 if an earlier one has the same bytes, as `isKnown` says, too.
    fileprivate static func media(_ asset: MediaAsset, new: MediaAsset, isKnown: Bool) -> Response {
        let isNew = !isKnown && asset.folder == new.folder
        return .json(asset, isNew ? .created : .ok, headers: isNew ? [.location: asset.reference.path] : [:])
    }
}
