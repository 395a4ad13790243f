// SPDX-License-Identifier: Apache-2.0
// What the server knows of the pictures that editors refer to.

/// Finds a media asset; `nil` if there is none.
public typealias MediaLookup = (Identifier) throws(StoryError) -> MediaAsset?

extension UpdateContent {
    /// The ids of the media assets that it uses: those of its media, and those whose addresses are in its body.
    public var assets: Set<Identifier> {
        Set(media.flatMap { MediaReference.identifiers(in: $0.url) } + MediaReference.identifiers(in: body))
    }

    /// Sets the size and colour of each medium that is an asset of this server, and no colour for others. Returns an error, below `base`, for
    /// each that is no picture or refers to an asset that does not exist, and for each that is decorative and no picture.
    public mutating func describeMedia(
        at base: String, _ asset: MediaLookup
    ) throws(StoryError) -> [ValidationError] {
        try media.describe(at: base + "/media", asset)
    }
}

extension [Media] {
    /// See ``UpdateContent/describeMedia(at:_:)``.
    mutating func describe(at base: String, _ asset: MediaLookup) throws(StoryError) -> [ValidationError] {
        var errors: [ValidationError] = []
        for index in indices {
            let pointer = "\(base)/\(index)/url"
            if self[index].reference != nil, self[index].type != .image {
                errors.append(ValidationError(pointer, "is a picture: its type must be image"))
            } else if try !self[index].describe(asset) {
                errors.append(ValidationError(pointer, missingAsset))
            }
            if self[index].type != .image, self[index].alt?.utf8.isEmpty == true {
                errors.append(
                    ValidationError(
                        "\(base)/\(index)/alt", "must not be blank: only an image can be decorative"))
            }
        }
        return errors
    }
}

extension StoryContent {
    /// The ids of the media assets that it uses.
    public var assets: Set<Identifier> {
        Set(image.map { MediaReference.identifiers(in: $0.url) } ?? [])
    }

    /// Sets the size and colour of the story's image if it is an asset of this server, and no colour otherwise. Returns an error, below
    /// `base`, if it refers to an asset that does not exist.
    public mutating func describeImage(
        at base: String, _ asset: MediaLookup
    ) throws(StoryError) -> [ValidationError] {
        guard var described = image else { return [] }
        let isFound = try described.describe(asset)
        image = described
        return isFound ? [] : [ValidationError(base + "/image/url", missingAsset)]
    }
}

extension Picture {
    /// Sets what the server knows of the picture. Returns false if it refers to an asset that does not exist.
    mutating func describe(_ asset: MediaLookup) throws(StoryError) -> Bool {
        guard let reference else {
            (color, animated) = (nil, nil)
            return true
        }
        guard let found = try asset(reference.id) else { return false }
        (width, height) = (found.width, found.height)
        (color, animated) = (found.color, found.isAnimated)
        return true
    }
}

let missingAsset = "does not name a picture that was uploaded here"
