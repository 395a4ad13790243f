// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The list of an update's media: pictures that are uploaded, and anything by its address.
import { make } from "../shared/dom.js";
import { button, fill, freshId } from "./elements.js";
import { MediaRow } from "./media-row.js";
import { phrase } from "./phrases.js";
import { fileFault } from "./picture-files.js";
import { FieldRows } from "./rows.js";

/** The states of an upload that are announced to screen readers. */
const ANNOUNCED = ["waiting", "refused", "lost"];

/** The control of a field of the kind `media`. */
export class MediaRows extends FieldRows {
    /** Called when an upload has begun, made progress, or ended. */
    uploadsChanged = () => {};
    /** @type {MediaRow|null} The row that the next file is for. */
    #target = null;

    /**
     * @param {Field} field
     * @param {() => void} onInput
     * @param {string} pointer
     * @param {(members: Field[], onInput: () => void) => Fields} makeFields
     * @param {Pictures} pictures
     */
    constructor(field, onInput, pointer, makeFields, pictures) {
        super(field, onInput, pointer, makeFields);
        this.pictures = pictures;
        /** Called when an upload has changed the input; a fault of what the editor has done stays. */
        this.onUploaded = onInput;
        this.most = field.most ?? 1;
        const isMany = this.most > 1;
        this.files = this.#fileInput({ multiple: isMany });
        this.camera = this.#fileInput({ capture: "environment" });
        this.creditList = make("datalist", { id: freshId("credits") });
        this.said = make("p", { class: "unseen", role: "status" });
        this.choosing = button(isMany ? phrase("addPictures") : phrase("choosePicture"), () => this.chooseFor(null));
        this.photographing = button(phrase("takePhoto"), () => this.photograph(), { class: "camera" });
        this.adding.textContent = phrase("addByAddress");
        this.adders = make("div", { class: "actions adders" }, this.choosing, this.photographing, this.adding);
        this.fault.setAttribute("role", "alert");
        this.node.append(this.adders, this.files, this.camera, this.creditList, this.said);
        this.node.classList.add("media");
        this.number();
    }

    /** @param {Attributes} attributes */
    #fileInput(attributes) {
        /** @type {HTMLInputElement} */
        const input = make("input", { type: "file", accept: "image/*", hidden: true, ...attributes,
            change: event => {
                // The chosen files are the input of their rows, not of the form.
                event.stopPropagation();
                this.chosen([...input.files ?? []]);
                // So that the same file can be chosen once more.
                input.value = "";
            } });
        return input;
    }

    /** @returns {MediaRow[]} */
    get mediaRows() {
        return this.rows.flatMap(row => row instanceof MediaRow ? [row] : []);
    }

    /** @param {Typed} typed */
    makeRow(typed) {
        return new MediaRow(this, typed);
    }

    /** @returns {any} */
    get typed() {
        return super.typed;
    }

    set typed(list) {
        const kept = new Set(list.map((/** @type {Typed} */ typed) => typed.upload?.once));
        for (const row of this.mediaRows) if (!kept.has(row.once)) row.drop();
        super.typed = list;
        this.number();
        this.uploadsChanged();
    }

    /** @param {import("./rows.js").FieldRow} row */
    remove(row) {
        if (row instanceof MediaRow) row.drop();
        super.remove(row);
        this.uploadsChanged();
    }

    /** Stops all uploads, as no draft names them any more. */
    discard() {
        for (const row of this.mediaRows) row.drop();
    }

    number() {
        super.number();
        this.adders.hidden = this.rows.length >= this.most;
        this.choosing.hidden = this.photographing.hidden = this.pictures.mostBytes === 0;
        fill(this.creditList, this.pictures.credits.map(value => make("option", { value })));
    }

    // --- adding ---

    /**
     * Opens the browser's choice of files.
     * @param {MediaRow|null} row The row to choose the file for; null for new rows.
     */
    chooseFor(row) {
        this.#target = row;
        this.files.multiple = row === null && this.most > 1;
        this.files.click();
    }

    /** Opens the camera, for a new row. */
    photograph() {
        this.#target = null;
        this.camera.click();
    }

    /** @param {File[]} files */
    chosen(files) {
        const row = this.#target;
        this.#target = null;
        if (row && this.rows.includes(row) && files.length > 0) this.replace(row, files[0]);
        else this.add(files)[0]?.focus();
    }

    /**
     * Adds pictures, and begins to upload them.
     * @param {File[]} files
     * @returns {MediaRow[]}
     */
    add(files) {
        const room = this.most - this.rows.length;
        const { mostBytes } = this.pictures;
        const good = files.filter(file => !fileFault(file, mostBytes));
        const faults = new Set(files.map(file => fileFault(file, mostBytes)));
        const added = good.slice(0, room).map(file => this.#addFile(file));
        if (added.length > 0) this.onInput();
        const isFull = good.length > room && (this.most > 1 ? phrase("mediaLimit", { count: this.most })
            : phrase("pictureAlready"));
        this.showFault([...faults, isFull].filter(Boolean).join(" "));
        if (added.length > 0) this.say(phrase("picturesAdded", { count: added.length }));
        return added;
    }

    /** @param {File} file */
    #addFile(file) {
        const upload = this.pictures.uploads.add(file);
        const row = this.makeRow({ upload: { once: upload.once, name: file.name } });
        this.insert(row);
        return row;
    }

    /** @param {MediaRow} row @param {File} file */
    replace(row, file) {
        const fault = fileFault(file, this.pictures.mostBytes);
        this.showFault(fault);
        if (fault) return;
        row.take(this.pictures.uploads.add(file));
        this.onInput();
        row.focus();
    }

    get adder() {
        return this.choosing.hidden ? this.adding : this.choosing;
    }

    // --- what is missing ---

    /** The pictures that will be uploaded without the editor. */
    get uploading() {
        return this.mediaRows.filter(row => row.isUploading);
    }

    /** The pictures whose files have to be chosen again, or their uploads resumed. */
    get missing() {
        return this.mediaRows.filter(row => row.isMissing);
    }

    /**
     * Whether nothing is missing but what is being uploaded; then says what, and moves the focus there.
     * @param {boolean} needsAlt Whether each picture needs an alternative text.
     */
    isComplete(needsAlt) {
        const lacking = needsAlt ? this.mediaRows.filter(row => row.lacksAlt()) : [];
        const [missing] = this.missing;
        if (missing) {
            this.showFault(phrase("uploadOrRemove", { name: missing.fileName }));
            missing.revealMissing();
        } else {
            lacking[0]?.focus();
        }
        return !missing && !lacking.length;
    }

    rememberCredits() {
        for (const row of this.mediaRows) {
            const credit = row.typed.credit.trim();
            if (credit) this.pictures.rememberCredit(credit);
        }
    }

    // --- screen readers ---

    /** @param {string} state @param {string} words */
    announce(state, words) {
        if (ANNOUNCED.includes(state)) this.say(words);
    }

    /** @param {string} words */
    say(words) {
        fill(this.said, words);
    }
}

/** The control of a field of the kind `picture`: one picture, or none. */
export class PictureRow extends MediaRows {
    /** @returns {any} The row, or null. */
    get typed() {
        return super.typed[0] ?? null;
    }

    set typed(row) {
        super.typed = row ? [row] : [];
    }

    /** @param {number} _ @param {string} pointer @param {FaultPlace} place @returns {[string, FaultPlace]} */
    placeIn(_, pointer, place) {
        return [`${this.pointer}${pointer}`, place];
    }
}
