// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Files of pictures: which are taken from the clipboard and from a drop, and which can be uploaded.
import { numberText, phrase } from "./phrases.js";

/** The largest upload, in bytes, of a server that does not say otherwise. */
export const MOST_PICTURE_BYTES = 25_000_000;

const SMALLEST_VARIANT = 320;
const OWN_ADDRESS = "/media/";

/**
 * Returns the pictures of a clipboard or a drop.
 * @param {DataTransfer|null} transfer
 * @returns {File[]} Empty if there is text as well: spreadsheets and word processors add a picture of the text.
 */
export function picturesIn(transfer) {
    if (!transfer || transfer.types.includes("text/plain")) return [];
    return [...transfer.files].filter(file => file.type.startsWith("image/"));
}

/**
 * Returns whether a drag carries files, whose content is hidden until they are dropped.
 * @param {DataTransfer|null} transfer
 */
export function hasFiles(transfer) {
    return transfer?.types.includes("Files") ?? false;
}

/**
 * Returns why a file cannot be uploaded, in words; empty if it can, as far as can be told without the server.
 * @param {{name: string, type: string, size: number}} file
 * @param {number} most Bytes.
 */
export function fileFault({ name, type, size }, most) {
    if (type === "image/svg+xml") return phrase("drawingFault", { name });
    if (most === 0) return phrase("noPicturesTaken");
    // Of a type that it does not know, the browser says nothing.
    if (type && !type.startsWith("image/")) return phrase("noPicture", { name });
    if (size === 0) return phrase("emptyFile", { name });
    if (size > most) return phrase("tooLarge", { name, size: bytesLabel(size), most: bytesLabel(most) });
    return "";
}

/**
 * @param {number} bytes
 * @returns {string} Such as `2.4 MB`.
 */
export function bytesLabel(bytes) {
    const megabytes = bytes / 1_000_000;
    if (megabytes >= 10) return phrase("megabytes", { size: Math.round(megabytes) });
    return megabytes >= 0.1 ? phrase("megabytes", { size: numberText(megabytes, 1) })
        : phrase("kilobytes", { size: Math.max(1, Math.round(bytes / 1000)) });
}

/**
 * Returns whether an address is that of a picture uploaded to this server.
 * @param {string} url
 */
export function isOwnPicture(url) {
    return url.startsWith(OWN_ADDRESS);
}

/**
 * Returns the address of a small version of a picture; null if the desk cannot show it.
 * @param {{url: string, width?: number|string|null}} medium
 */
export function thumbnailOf({ url, width }) {
    if (isOwnPicture(url)) return Number(width) > SMALLEST_VARIANT ? `${url}/${SMALLEST_VARIANT}.webp` : url;
    return /^https?:\/\/./i.test(url) ? url : null;
}
