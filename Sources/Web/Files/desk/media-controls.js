// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Form controls for the members of a picture: its alternative text, and its focus point.
import { make } from "../shared/dom.js";
import { button, fill } from "./elements.js";
import { pointLabel } from "./focus.js";
import { askFocus, placeCross } from "./focus-dialog.js";
import { phrase } from "./phrases.js";
import { TextControl } from "./text-control.js";

/** An alternative text, or a tick that the picture needs none. */
export class AltControl extends TextControl {
    /** @param {Field} field @param {() => void} onInput @param {string} pointer */
    constructor(field, onInput, pointer) {
        super(field, onInput, pointer);
        this.decorative = make("input", { type: "checkbox", change: () => {
            this.showFault("");
            this.showState();
            onInput();
        } });
        this.tick = make("label", { class: "flag" }, this.decorative, phrase("decorative"));
        this.fault.before(this.tick);
        this.isRequired = false;
        this.showState();
    }

    /** @returns {any} */
    get typed() {
        return { text: this.input.value, isDecorative: this.decorative.checked };
    }

    /** Also takes a plain text, as in drafts of an earlier version. */
    set typed(typed) {
        const { text, isDecorative } = typeof typed === "string" ? { text: typed, isDecorative: false } : typed;
        this.input.value = text;
        this.decorative.checked = isDecorative;
        this.showState();
    }

    /** Marks the text as needed, and offers the tick instead. */
    require() {
        this.isRequired = true;
        this.input.setAttribute("aria-required", "true");
        this.showState();
    }

    get isBlank() {
        return !this.decorative.checked && !this.input.value.trim();
    }

    showState() {
        this.input.disabled = this.decorative.checked;
        this.tick.hidden = !this.isRequired && !this.decorative.checked;
    }
}

/** A picture in small with its focus point, which a press on it sets. */
export class PointControl {
    /** @type {FocusPoint|null} */
    #point = null;

    /** @param {Field} field @param {() => void} onInput @param {string} pointer */
    constructor(field, onInput, pointer) {
        this.pointer = pointer;
        this.onInput = onInput;
        // Dragged, it would be dropped as a new picture.
        this.image = make("img", { alt: "", draggable: "false" });
        this.cross = make("span", { class: "cross" });
        this.words = make("span", { class: "unseen" });
        this.opener = button("", () => this.ask(), { class: "thumb" });
        this.opener.append(make("span", { class: "thumb-place" }, this.image, this.cross), this.words);
        this.fault = make("p", { class: "fault", hidden: true });
        this.node = make("div", { class: "point", "data-field": field.name, hidden: true }, this.opener, this.fault);
        this.image.addEventListener("load", () => this.showState());
        this.image.addEventListener("error", () => this.showState());
    }

    get typed() {
        return this.#point;
    }

    set typed(point) {
        this.#point = point;
        this.showState();
    }

    /**
     * The address of the picture to show; null if there is none.
     * @param {string|null} src
     */
    set picture(src) {
        this.node.hidden = !src;
        if (src) this.image.src = src;
        else this.image.removeAttribute("src");
        this.showState();
    }

    showState() {
        const isSeen = this.image.complete && this.image.naturalWidth > 0;
        this.opener.disabled = !isSeen;
        this.opener.classList.toggle("unseeable", !isSeen);
        this.cross.hidden = !this.#point || !isSeen;
        if (this.#point) placeCross(this.cross, this.#point);
        this.opener.title = isSeen ? phrase("setFocusPoint") : "";
        fill(this.words, isSeen ? phrase("focusPointIs", { place: pointLabel(this.#point) })
            : phrase("noPictureToSee"));
    }

    async ask() {
        const answer = await askFocus(this.image.src, this.#point);
        if (!answer) return;
        this.typed = answer.point;
        this.onInput();
    }

    /** @param {string} text */
    showFault(text) {
        fill(this.fault, text);
        this.fault.hidden = !text;
    }

    reveal() {
        this.opener.focus();
    }

    /** @returns {[string, FaultPlace][]} */
    faultPlaces() {
        return [[this.pointer, this]];
    }
}
