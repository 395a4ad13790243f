// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The focus point of a picture: the point that a crop must keep, in percent of its width and height.
import { phrase } from "./phrases.js";

/** @typedef {{x: number, y: number}} FocusPoint Whole percentages, from the top left corner. */

/** Where the focus is if none is set. */
export const CENTRE = { x: 50, y: 50 };

const STEP = 1;
const LARGE_STEP = 10;
/** @type {Map<string, [number, number]>} */
const DIRECTIONS = new Map([
    ["ArrowLeft", [-1, 0]], ["ArrowRight", [1, 0]], ["ArrowUp", [0, -1]], ["ArrowDown", [0, 1]],
]);

/**
 * Returns the focus point at a place on the screen.
 * @param {{x: number, y: number}} place In pixels.
 * @param {{left: number, top: number, width: number, height: number}} box Where the picture is shown, in pixels.
 * @returns {FocusPoint}
 */
export function pointAt({ x, y }, { left, top, width, height }) {
    return { x: percentage((x - left) / width * 100), y: percentage((y - top) / height * 100) };
}

/**
 * Returns the focus point after the press of a key; null if the key does not move it.
 * @param {FocusPoint} point
 * @param {{key: string, shiftKey: boolean}} event With the shift key the step is larger.
 * @returns {FocusPoint|null}
 */
export function movedPoint({ x, y }, { key, shiftKey }) {
    const direction = DIRECTIONS.get(key);
    if (!direction) return null;
    const step = shiftKey ? LARGE_STEP : STEP;
    return { x: percentage(x + direction[0] * step), y: percentage(y + direction[1] * step) };
}

/**
 * Describes a focus point.
 * @param {FocusPoint|null} point
 */
export function pointLabel(point) {
    return point ? phrase("focusPlace", { x: point.x, y: point.y }) : phrase("theCentre");
}

/** @param {number} value */
function percentage(value) {
    return Number.isFinite(value) ? Math.min(100, Math.max(0, Math.round(value))) : 50;
}
