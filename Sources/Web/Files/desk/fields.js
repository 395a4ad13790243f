// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Form fields: controls, input and validation errors.
import { membersOf } from "./values.js";
import { make } from "../shared/dom.js";
import { fill, focusOnElement } from "./elements.js";
import { sortedFaults } from "./field-errors.js";
import { MarkdownControl } from "./markdown-control.js";
import { AltControl, PointControl } from "./media-controls.js";
import { MediaRows, PictureRow } from "./media-rows.js";
import { FieldRows } from "./rows.js";
import { ColorControl, FileControl } from "./site-controls.js";
import { FlagControl, TextControl } from "./text-control.js";

/** The fields of one object. */
export class Fields {
    /**
     * @param {Field[]} fields
     * @param {() => void} onInput Called after each change by the editor.
     * @param {{pointer?: string, pictures?: Pictures|null, snippets?: import("./snippets.js").Snippets|null}} options
     *   `pointer`: JSON Pointer to the object in the request body that has the fields as members; `pictures`: for
     *   fields of media; `snippets`: for those of Markdown.
     */
    constructor(fields, onInput, { pointer = "", pictures = null, snippets = null } = {}) {
        this.fields = fields;
        this.onInput = onInput;
        /** @type {Map<string, Control>} */
        this.controls = new Map(fields.map(field =>
            [field.name, controlOf(field, onInput, `${pointer}/${field.name}`, { pictures, snippets })]));
    }

    /** Releases what the fields hold, once the form is not shown any more. */
    close() {
        for (const control of this.controls.values()) control.close?.();
    }

    /** The lists of media among the fields. */
    get mediaLists() {
        return [...this.controls.values()].flatMap(control => control instanceof MediaRows ? [control] : []);
    }

    /**
     * The element of a field, with its label, hint and error.
     * @param {string} name
     */
    node(name) {
        return this.#control(name).node;
    }

    /**
     * The input element of a field that has exactly one; throws for others.
     * @param {string} name
     */
    input(name) {
        const { input } = this.#control(name);
        if (!input) throw new Error(`${name} is not one input`);
        return input;
    }

    /** @param {string} name */
    #control(name) {
        const control = this.controls.get(name);
        if (!control) throw new Error(`there is no field ${name}`);
        return control;
    }

    /**
     * The input of all fields, by name.
     * @returns {Typed}
     */
    get typed() {
        return Object.fromEntries([...this.controls].map(([name, control]) => [name, control.typed]));
    }

    set typed(typed) {
        for (const [name, control] of this.controls) if (name in typed) control.typed = typed[name];
    }

    /**
     * Shows errors at their fields, and focuses the first one.
     * @param {{pointer: string, detail: string}[]} errors
     * @returns {string[]} The errors that match no field.
     */
    showFaults(errors) {
        const places = this.faultPlaces();
        const { fields, rest } = sortedFaults(errors, places.keys());
        for (const [pointer, place] of places) place.showFault(fields.get(pointer)?.join("; ") ?? "");
        const first = [...places].find(([pointer]) => fields.has(pointer));
        first?.[1].reveal();
        return rest;
    }

    clearFaults() {
        for (const place of this.faultPlaces().values()) place.showFault("");
    }

    /**
     * All places that can show an error, by pointer, in the order of the form.
     * @returns {Map<string, FaultPlace>}
     */
    faultPlaces() {
        return new Map([...this.controls.values()].flatMap(control => control.faultPlaces()));
    }
}

/**
 * @param {Field} field
 * @param {() => void} onInput
 * @param {string} pointer
 * @param {{pictures: Pictures|null, snippets: import("./snippets.js").Snippets|null}} services
 * @returns {Control}
 */
function controlOf(field, onInput, pointer, { pictures, snippets }) {
    /** @param {Field[]} members @param {() => void} onRowInput */
    const makeFields = (members, onRowInput) => new Fields(members, onRowInput);
    switch (field.kind) {
    case "flag": return new FlagControl(field, onInput, pointer);
    case "text":
        return field.isMarkdown ? new MarkdownControl(field, onInput, pointer, snippets)
            : new TextControl(field, onInput, pointer);
    case "group": return new GroupControl(field, onInput, pointer, pictures);
    case "rows": return new FieldRows(field, onInput, pointer, makeFields);
    case "media": return new MediaRows(field, onInput, pointer, makeFields, neededPictures(pictures));
    case "picture": return new PictureRow(field, onInput, pointer, makeFields, neededPictures(pictures));
    case "alt": return new AltControl(field, onInput, pointer);
    case "point": return new PointControl(field, onInput, pointer);
    case "color": return new ColorControl(field, onInput, pointer);
    case "file": return new FileControl(field, onInput, pointer, neededPictures(pictures));
    default: return new TextControl(field, onInput, pointer);
    }
}

/** @param {Pictures|null} pictures */
function neededPictures(pictures) {
    if (!pictures) throw new Error("pictures cannot be uploaded from this form");
    return pictures;
}

/** A nested object, with fields for its members. */
class GroupControl {
    /** @param {Field} field @param {() => void} onInput @param {string} pointer @param {Pictures|null} pictures */
    constructor(field, onInput, pointer, pictures) {
        this.pointer = pointer;
        this.fields = new Fields(membersOf(field), () => {
            this.showFault("");
            onInput();
        }, { pointer, pictures });
        this.fault = make("p", { class: "fault", hidden: true });
        this.node = make("fieldset", { class: "group", "data-field": field.name },
            make("legend", {}, field.label),
            ...membersOf(field).map(member => this.fields.node(member.name)), this.fault);
    }

    close() {
        this.fields.close();
    }

    get typed() {
        return this.fields.typed;
    }

    set typed(typed) {
        this.fields.typed = typed;
    }

    /** @param {string} text */
    showFault(text) {
        fill(this.fault, text);
        this.fault.hidden = !text;
    }

    reveal() {
        focusOnElement(this.node.querySelector("input"));
    }

    /** @returns {[string, FaultPlace][]} */
    faultPlaces() {
        return [...this.fields.faultPlaces(), [this.pointer, this]];
    }
}
