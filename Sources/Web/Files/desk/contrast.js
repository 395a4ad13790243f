// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The contrast of colours, as the server checks it.
import { numberText, phrase } from "./phrases.js";

/** The contrast that text needs (WCAG 2.2, level AA). */
export const LEAST_CONTRAST = 4.5;

/**
 * The contrast ratio of two colours by WCAG 2.2, from 1 to 21; null if one of them is not `#rrggbb`.
 * @param {string} one
 * @param {string} other
 */
export function contrastRatio(one, other) {
    const [first, second] = [luminance(one), luminance(other)];
    if (first === null || second === null) return null;
    return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

/**
 * A ratio in words, rounded down as the server does.
 * @param {number|null} ratio
 */
export function contrastLabel(ratio) {
    if (ratio === null) return "";
    const values = { ratio: numberText(Math.floor(ratio * 100) / 100, 2), least: numberText(LEAST_CONTRAST) };
    return ratio < LEAST_CONTRAST ? phrase("contrastTooLow", values) : phrase("contrast", values);
}

/** @param {string} color @returns {number|null} */
function luminance(color) {
    if (!/^#[0-9a-f]{6}$/i.test(color)) return null;
    const [red, green, blue] = [1, 3, 5].map(at => {
        const share = parseInt(color.slice(at, at + 2), 16) / 255;
        return share > 0.04045 ? ((share + 0.055) / 1.055) ** 2.4 : share / 12.92;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
