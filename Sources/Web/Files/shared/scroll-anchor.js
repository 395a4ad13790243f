// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Scroll anchoring: keeps elements in place in the window while others around them change.

/**
 * Records the position of one edge of an element, in pixels from the top of the window.
 * @param {Element} element
 * @param {"top"|"bottom"} [edge]
 */
export function landmark(element, edge = "top") {
    return { element, edge, parent: element.parentElement, place: element.getBoundingClientRect()[edge] };
}

/**
 * How many pixels the first landmark that still has its parent has moved down.
 * @param {Landmark[]} landmarks
 */
export function shiftOf(landmarks) {
    const anchor = landmarks.find(({ element, parent }) => parent && element.parentElement === parent);
    return anchor ? anchor.element.getBoundingClientRect()[anchor.edge] - anchor.place : 0;
}

/**
 * Scrolls without animation, overriding `scroll-behavior`.
 * @param {{ scrollBy(options?: ScrollToOptions | { top: number, behavior: string }): void }} box
 * @param {number} pixels
 */
export function scrollAtOnce(box, pixels) {
    box.scrollBy({ top: pixels, behavior: "instant" });
}
