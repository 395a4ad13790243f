// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Controls of the form of the site's appearance: colours, and addresses of pictures that can be uploaded.
import { make } from "../shared/dom.js";
import { button, fill } from "./elements.js";
import { phrase } from "./phrases.js";
import { fileFault } from "./picture-files.js";
import { TextControl } from "./text-control.js";
import { uploadLabel } from "./uploads.js";

/** A colour: as text, which can be empty, and to be picked. */
export class ColorControl extends TextControl {
    /** @param {Field} field @param {() => void} onInput @param {string} pointer */
    constructor(field, onInput, pointer) {
        super(field, onInput, pointer);
        const name = phrase("pick", { field: field.label });
        this.picker = make("input", { type: "color", "aria-label": name, input: () => {
            this.input.value = this.picker.value;
            this.input.dispatchEvent(new Event("input"));
        } });
        this.contrast = make("p", { class: "contrast" });
        this.input.addEventListener("input", () => this.#showPicked());
        const swatch = make("div", { class: "swatch" }, this.picker);
        this.input.replaceWith(swatch);
        swatch.append(this.input);
        this.hint.before(this.contrast);
    }

    get typed() {
        return this.input.value;
    }

    set typed(text) {
        this.input.value = text;
        this.#showPicked();
    }

    /**
     * Shows what the colour comes to.
     * @param {string} text
     * @param {string} builtIn The colour that stands while none is given.
     */
    showContrast(text, builtIn) {
        fill(this.contrast, text);
        this.input.setAttribute("placeholder", builtIn);
        if (!this.input.value) this.picker.value = builtIn;
    }

    #showPicked() {
        if (/^#[0-9a-f]{6}$/i.test(this.input.value)) this.picker.value = this.input.value;
    }
}

/** The address of a picture, which can be uploaded. */
export class FileControl extends TextControl {
    /** @type {Upload|null} */
    #upload = null;

    /** @param {Field} field @param {() => void} onInput @param {string} pointer @param {Pictures} pictures */
    constructor(field, onInput, pointer, pictures) {
        super(field, onInput, pointer);
        this.pictures = pictures;
        this.chooser = make("input", { type: "file", accept: "image/*", hidden: true, change: () => this.#take() });
        this.progress = make("p", { class: "hint", role: "status" });
        const choosing = button(phrase("uploadMore"), () => this.chooser.click(), { class: "quiet",
            "aria-label": phrase("uploadField", { field: field.label }), hidden: pictures.mostBytes === 0 });
        this.node.append(this.chooser, choosing, this.progress);
    }

    #take() {
        const file = this.chooser.files?.[0];
        this.chooser.value = "";
        if (!file) return;
        const fault = fileFault(file, this.pictures.mostBytes);
        if (fault) return this.showFault(fault);
        this.close();
        const upload = this.pictures.uploads.add(file);
        this.#upload = upload;
        upload.onChange = () => this.#show(upload);
        this.#show(upload);
    }

    /** @param {Upload} upload */
    #show(upload) {
        fill(this.progress, uploadLabel(upload));
        if (upload.state !== "done" || !upload.asset) return;
        this.input.value = upload.asset.url;
        this.input.dispatchEvent(new Event("input"));
        this.close();
    }

    /** Stops the upload, once the form is not shown any more. */
    close() {
        if (this.#upload) this.pictures.uploads.forget(this.#upload);
        this.#upload = null;
    }
}
