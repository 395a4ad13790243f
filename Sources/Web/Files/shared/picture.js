// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { FOREIGN, isGiven, make, named, written } from "./dom.js";

// Mirrors the server's PictureMarkup.swift; see markup.js.

/** The widths in pixels that the server has of each picture that is wider. */
const WIDTHS = [320, 640, 1280, 1920];
/** For `sizes`: the column of updates, and half of it. */
const COLUMN = "(min-width: 60rem) 36rem, 100vw";
const TILE = "(min-width: 60rem) 18rem, 50vw";

/**
 * Renders the pictures of an update: one as a figure, more as a gallery.
 * @param {Media[]} pictures
 * @param {MarkupContext} context
 */
export function picturesElement(pictures, context) {
    // The first of an odd number takes a row of its own.
    const figures = pictures.map((picture, index) =>
        figureElement(picture, index === 0 && pictures.length % 2 === 1 ? COLUMN : TILE, context));
    return pictures.length > 1 ? make("div", { class: "gallery" }, figures) : figures;
}

/**
 * Renders caption and credit; null if there is neither.
 * @param {Pick<Media, "caption"|"credit">} options
 * @param {MarkupContext} context
 */
export function figcaption({ caption, credit }, { language }) {
    const small = isGiven(credit) && make("small", {}, named(credit));
    const words = [caption, isGiven(caption) && small ? " · " : null, small];
    return words.some(isGiven) && make("figcaption", written(language), words);
}

/**
 * Renders a picture as a link to its full size, which scripts open in the lightbox, with caption and credit.
 * @param {StoryImage} picture
 * @param {string} sizes
 * @param {MarkupContext} context
 * @param {Attributes} [loading]
 */
export function figureElement(picture, sizes, context, loading = { loading: "lazy" }) {
    const { url, alt, width, height, focus, color, animated } = picture;
    const { base = "", words } = context;
    const isOwn = url.startsWith("/");
    const href = isOwn ? base + url : url;
    // Pictures elsewhere, and those that move, have one file.
    const most = isOwn && !animated ? Number(width) : 0;
    const widths = WIDTHS.filter(each => each < most);
    const point = focus && `x${Math.round(focus.x / 10)} y${Math.round(focus.y / 10)}`;
    // Smaller than its place in a gallery.
    const small = Math.min(width ?? 320, height ?? 320) < 320 && "small";
    const image = make("img", {
        src: most > 640 ? `${href}/640.jpg` : href, ...loading, decoding: "async", alt: alt ?? "", width, height,
        class: point && small ? `${point} small` : point || small, "data-color": color,
    });
    const files = widths.map(each => `${href}/${each}.webp ${each}w`);
    if (widths.length < WIDTHS.length) files.push(`${href} ${width}w`);
    const source = make("source", { type: "image/webp", srcset: files.join(", "), sizes });
    return make(
        "figure", {},
        make(
            "a", { class: "enlarge", href, rel: !isOwn && FOREIGN, "aria-label": !alt && words.say("picture") },
            widths.length > 0 ? make("picture", {}, source, image) : image),
        figcaption(picture, context));
}
