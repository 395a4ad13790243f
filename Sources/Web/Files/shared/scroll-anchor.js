// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Elements that are to stay where they are in the window while others around them change.

/**
 * Where an element stands: one of its edges, `top` or `bottom`, in pixels from the top of the window.
 * @param {Element} element
 * @param {"top"|"bottom"} [edge]
 */
export function landmark(element, edge = "top") {
    return { element, edge, parent: element.parentElement, place: element.getBoundingClientRect()[edge] };
}

/**
 * By how many pixels the first of some landmarks that still has its parent has moved down.
 * @param {Landmark[]} landmarks
 */
export function shiftOf(landmarks) {
    const anchor = landmarks.find(({ element, parent }) => parent && element.parentElement === parent);
    return anchor ? anchor.element.getBoundingClientRect()[anchor.edge] - anchor.place : 0;
}

/**
 * Scrolls without an animation, whatever the page's style says.
 * @param {{ scrollBy(options?: ScrollToOptions | { top: number, behavior: string }): void }} box
 * @param {number} pixels
 */
export function scrollAtOnce(box, pixels) {
    box.scrollBy({ top: pixels, behavior: "instant" });
}
