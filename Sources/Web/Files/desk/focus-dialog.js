// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The dialog that sets the focus point of a picture.
import { make } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button, fill, freshId } from "./elements.js";
import { mainButton } from "./form-parts.js";
import { CENTRE, movedPoint, pointAt, pointLabel } from "./focus.js";
import { phrase } from "./phrases.js";

/**
 * Asks for the focus point of a picture.
 * @param {string} src The picture's address.
 * @param {FocusPoint|null} point
 * @returns {Promise<{point: FocusPoint|null}|null>} `point` is null for the centre; null if the editor cancelled.
 */
export function askFocus(src, point) {
    const stage = new FocusStage(src, point);
    return openDialog(phrase("focusPoint"), [
        make("p", { class: "hint" }, phrase("focusHint")),
        stage.node,
    ], close => [
        button(phrase("cancel"), () => close(null)),
        button(phrase("centre"), () => close({ point: null })),
        mainButton(phrase("set"), () => close({ point: stage.point })),
    ], { isWide: true });
}

/** The whole picture with a cross-hair, and beside it what two crops would show. */
class FocusStage {
    /** @param {string} src @param {FocusPoint|null} point */
    constructor(src, point) {
        this.point = point ?? CENTRE;
        this.cross = make("span", { class: "cross" });
        this.image = make("img", { src, alt: "", draggable: "false" });
        this.words = make("p", { class: "hint", id: freshId("focus"), role: "status" });
        this.picture = make("button", {
            type: "button", class: "stage", autofocus: true, "aria-label": phrase("thePicture"),
            "aria-describedby": this.words.id }, this.image, this.cross);
        this.crops = ["wide", "square", "tall"].map(shape => make("img", { src, alt: "", class: `crop ${shape}` }));
        this.node = make("div", { class: "focus-stage" },
            make("div", { class: "stage-place" }, this.picture), this.words,
            make("div", { class: "crops" }, make("p", { class: "cap" }, phrase("cropped")), ...this.crops));
        this.picture.addEventListener("pointerdown", event => this.follow(event));
        this.picture.addEventListener("pointermove", event => event.buttons === 1 && this.press(event));
        this.picture.addEventListener("keydown", event => this.move(event));
        this.show();
    }

    /** @param {PointerEvent} event */
    follow(event) {
        // Else a finger that moves would scroll, and end the gesture.
        this.picture.setPointerCapture(event.pointerId);
        this.press(event);
    }

    /** @param {PointerEvent} event */
    press(event) {
        this.point = pointAt(event, this.image.getBoundingClientRect());
        this.show();
    }

    /** @param {KeyboardEvent} event */
    move(event) {
        const point = movedPoint(this.point, event);
        if (!point) return;
        event.preventDefault();
        this.point = point;
        this.show();
    }

    show() {
        placeCross(this.cross, this.point);
        for (const crop of this.crops) crop.style.objectPosition = `${this.point.x}% ${this.point.y}%`;
        fill(this.words, phrase("focusIsAt", { place: pointLabel(this.point) }));
    }
}

/**
 * Moves a cross-hair to a point of the picture that it lies on.
 * @param {HTMLElement} cross
 * @param {FocusPoint} point
 */
export function placeCross(cross, { x, y }) {
    cross.style.left = `${x}%`;
    cross.style.top = `${y}%`;
}
