// SPDX-License-Identifier: Apache-2.0
internal import CImages
internal import Glibc

/// The process that draws one picture of text: a hidden command of the program. It opens all fonts that the characters need, and is then
/// confined like ``ImageWorker``; only then are texts shaped and set, and the logo decoded.
public enum DrawingWorker {
    /// The name of the command.
    public static let command = "draw-image"

    /// Does what the arguments ask for, with the descriptors that ``ImageProcessor`` gives it, and ends the process.
    public static func run(_ arguments: [String]) -> Never {
        guard let request = WorkerRequest(arguments) else { ImageWorker.refuse(command) }
        // Requests that readers wait for come first.
        _ = nice(10)
        do throws(ImageError) {
            ImageWorker.answer(try reply(to: request))
        } catch {
            ImageWorker.answer(.error(error))
        }
        _exit(0)
    }

    private static func reply(to request: WorkerRequest) throws(ImageError) -> WorkerReply {
        for reason in [cimages_load_text(), cimages_load()].compactMap(\.self) {
            throw .failed(String(cString: reason))
        }
        guard let range = request.range else {
            try confine(request.limits)
            return .ready
        }
        guard let picture = SocialPicture(bytes: try ImageWorker.read(range)) else {
            throw .failed("there is nothing to draw")
        }
        var texts = DrawnTexts(picture)
        begin(picture)
        if let absent = openFonts(for: texts.characters) {
            texts.drop(absent)
        } else {
            texts.keepName()
            texts.drop(openFonts(for: texts.characters) ?? [])
        }
        try confine(request.limits)
        let logo = logo(request.limits)
        do throws(ImageError) {
            try draw(picture, texts, logo: logo)
        } catch {
            guard case .unsupported = error else { throw error }
            texts.keepName()
            try draw(picture, texts, logo: logo)
        }
        return .drawn(missing: texts.missing)
    }

    private static func confine(_ limits: ImageLimits) throws(ImageError) {
        try ImageWorker.confine(limits, hasThreads: true)
    }

    private static func begin(_ picture: SocialPicture) {
        picture.language.withCString { language in
            var style = cimages_style(
                language: language, is_right_to_left: picture.isRightToLeft ? 1 : 0,
                is_serif: picture.isSerif ? 1 : 0)
            cimages_begin_text(&style)
        }
    }

    /// Returns the characters that no font has; `nil` if they are of too many scripts.
    private static func openFonts(for characters: [Unicode.Scalar]) -> Set<Unicode.Scalar>? {
        var isCovered = [UInt8](repeating: 0, count: characters.count)
        guard cimages_open_fonts(characters.map(\.value), characters.count, &isCovered) != 0 else {
            return nil
        }
        return Set(zip(characters, isCovered).filter { $0.1 == 0 }.map(\.0)).filter(\.isSeen)
    }

    /// The logo; `nil` if there is none, or it cannot be decoded: then the name is there instead.
    private static func logo(_ limits: ImageLimits) -> cimages_raster? {
        do throws(ImageError) {
            let bytes = try ImageWorker.read(0..<limits.bytes, from: WorkerDescriptor.logo)
            guard !bytes.isEmpty else { return nil }
            let header = try ImageHeader(ImageBytes(bytes))
            try header.check(limits)
            return try ImageMaker(bytes, header, limits).picture()
        } catch {
            return nil
        }
    }

    private static func draw(
        _ picture: SocialPicture, _ texts: DrawnTexts, logo: cimages_raster?
    ) throws(ImageError) {
        let colors = picture.colors
        var (logo, raster) = (logo ?? cimages_raster(), cimages_raster())
        let words = [texts.headline, texts.context, texts.time, texts.label, texts.name].map { text in
            text.withCString { UnsafePointer(strdup($0)) }
        }
        try withUnsafePointer(to: &logo) { logo throws(ImageError) in
            var card = cimages_card(
                headline: words[0], context: words[1], time: words[2], label_text: words[3], name: words[4],
                label: picture.label.value, is_right_to_left: picture.isRightToLeft ? 1 : 0,
                background: colors.background, text: colors.text, soft: colors.soft, line: colors.line,
                accent: colors.accent, on_accent: colors.onAccent,
                logo: logo.pointee.pixels == nil ? nil : logo)
            try ImageMaker.check { cimages_draw_card(&card, &raster, $0) }
        }
        try ImageMaker.check { cimages_write_png(&raster, WorkerDescriptor.firstOutput, $0) }
    }
}

extension SocialPicture.Label {
    fileprivate var value: cimages_label {
        switch self {
        case .none: cimages_no_label
        case .live: cimages_live
        case .closed: cimages_closed
        case .retracted: cimages_retracted
        }
    }
}
