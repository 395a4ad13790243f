// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Form fields: controls, input and validation errors.
import { membersOf } from "./values.js";
import { make } from "../shared/dom.js";
import { button, fill, focusOnElement, freshId } from "./elements.js";
import { sortedFaults } from "./field-errors.js";
import { FieldRows } from "./rows.js";
import { instantOf, shortTime, zoneText } from "./local-times.js";

/** The fields of one object. */
export class Fields {
    /**
     * @param {Field[]} fields
     * @param {() => void} onInput Called after each change by the editor.
     * @param {string} pointer JSON Pointer to the object in the request body that has the fields as members.
     */
    constructor(fields, onInput, pointer = "") {
        this.fields = fields;
        this.onInput = onInput;
        /** @type {Map<string, Control>} */
        this.controls = new Map(fields.map(field =>
            [field.name, controlOf(field, onInput, `${pointer}/${field.name}`)]));
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

/** @param {Field} field @param {() => void} onInput @param {string} pointer
 * @returns {Control}
 */
function controlOf(field, onInput, pointer) {
    if (field.kind === "flag") return new FlagControl(field, onInput, pointer);
    if (field.kind === "group") return new GroupControl(field, onInput, pointer);
    if (field.kind === "rows") {
        return new FieldRows(field, onInput, pointer, (members, onRowInput) => new Fields(members, onRowInput));
    }
    return new TextControl(field, onInput, pointer);
}

/** A field with a single input element. */
class TextControl {
    /** @param {Field} field @param {() => void} onInput @param {string} pointer */
    constructor(field, onInput, pointer) {
        this.pointer = pointer;
        this.id = freshId(field.name);
        this.hint = make("p", { class: "hint", id: `${this.id}-hint`, hidden: !hintFor(field) }, hintFor(field));
        this.fault = make("p", { class: "fault", id: `${this.id}-fault`, hidden: true });
        this.input = inputFor(field, this.id);
        this.input.addEventListener("input", () => {
            // The error was about the previous input.
            this.showFault("");
            this.showZone(field);
            onInput();
        });
        this.node = make("div", { class: `field ${field.kind}`, "data-field": field.name },
            make("label", { for: this.id }, field.label,
                field.required && make("span", { class: "needed" }, " (needed)")),
            this.input, this.hint, this.fault);
        this.describe();
    }

    get typed() {
        // A partial time has an empty `value`: sends a text for the server to reject, rather than clear the time.
        return this.input.validity.badInput ? "incomplete" : this.input.value;
    }

    set typed(text) {
        const isMissing = this.input instanceof HTMLSelectElement
            && ![...this.input.options].some(option => option.value === text);
        // Keeps a value that is not among the options, such as a story that is not in the list.
        if (isMissing) this.input.append(make("option", { value: text }, text));
        this.input.value = text;
    }

    // The UTC offset shown is that of the chosen date, because of daylight saving time.
    /** @param {Field} field */
    showZone(field) {
        if (field.kind !== "time") return;
        const instant = this.input.value && instantOf(this.input.value);
        fill(this.hint, zoneText(instant ? new Date(instant) : new Date()));
    }

    /** @param {string} text */
    showFault(text) {
        fill(this.fault, text);
        this.fault.hidden = !text;
        if (text) this.input.setAttribute("aria-invalid", "true");
        else this.input.removeAttribute("aria-invalid");
        this.describe();
    }

    describe() {
        const ids = [this.hint, this.fault].filter(node => !node.hidden).map(node => node.id);
        if (ids.length) this.input.setAttribute("aria-describedby", ids.join(" "));
        else this.input.removeAttribute("aria-describedby");
    }

    reveal() {
        const folded = this.node.closest("details");
        if (folded) folded.open = true;
        this.input.focus();
    }

    /** @returns {[string, FaultPlace][]} */
    faultPlaces() {
        return [[this.pointer, this]];
    }
}

/** @param {Field} field */
function hintFor(field) {
    return field.kind === "time" ? zoneText(new Date()) : field.hint ?? "";
}

/** @param {Field} field @param {string} id */
function inputFor(field, id) {
    const common = { id, name: field.name, autocomplete: "off", "aria-required": field.required ? "true" : null };
    // The language of the input is unknown, and so is its direction.
    const written = { dir: "auto", lang: "" };
    const address = { inputmode: "url", spellcheck: "false", placeholder: "https://" };
    switch (field.kind) {
    case "text":
    case "lines": return make("textarea", { ...common, ...written, rows: String(field.rows ?? 3) });
    case "choice":
        return make("select", common, (field.options ?? []).map(([value, text]) => make("option", { value }, text)));
    case "time": return make("input", { ...common, type: "datetime-local", max: "9999-12-31T23:59" });
    case "number": return make("input", { ...common, type: "text", inputmode: "numeric" });
    case "url": return make("input", { ...common, type: "text", ...address });
    default: return make("input", { ...common, ...written, type: "text" });
    }
}

/** A checkbox. */
class FlagControl {
    /** @param {Field} field @param {() => void} onInput @param {string} pointer */
    constructor(field, onInput, pointer) {
        this.pointer = pointer;
        this.input = make("input", { type: "checkbox", name: field.name, change: () => {
            this.showFault("");
            onInput();
        } });
        this.fault = make("span", { class: "fault", hidden: true });
        this.node = make("label", { class: "flag", "data-field": field.name }, this.input, field.label, this.fault);
    }

    get typed() {
        return this.input.checked;
    }

    set typed(isChecked) {
        this.input.checked = isChecked;
    }

    /** @param {string} text */
    showFault(text) {
        fill(this.fault, text);
        this.fault.hidden = !text;
    }

    reveal() {
        this.input.focus();
    }

    /** @returns {[string, FaultPlace][]} */
    faultPlaces() {
        return [[this.pointer, this]];
    }
}

/** A nested object, with fields for its members. */
class GroupControl {
    /** @param {Field} field @param {() => void} onInput @param {string} pointer */
    constructor(field, onInput, pointer) {
        this.pointer = pointer;
        this.fields = new Fields(membersOf(field), () => {
            this.showFault("");
            onInput();
        }, pointer);
        this.fault = make("p", { class: "fault", hidden: true });
        this.node = make("fieldset", { class: "group", "data-field": field.name },
            make("legend", {}, field.label),
            ...membersOf(field).map(member => this.fields.node(member.name)), this.fault);
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

/** The error summary of a form, announced by screen readers. */
export class FormFault {
    constructor() {
        this.node = make("div", { class: "form-fault", role: "alert", hidden: true });
    }

    /**
     * @param {string} title
     * @param {string[]} details
     * @param {string|null} requestId The request's id in the server's log.
     */
    show(title, details = [], requestId = null) {
        fill(this.node, make("p", {}, make("strong", {}, title)),
            details.length > 0 && make("ul", {}, details.map(detail => make("li", {}, detail))),
            requestId && make("p", { class: "request" }, `Request ${requestId}`));
        this.node.hidden = false;
    }

    /**
     * Shows why saving failed: errors that match a field there, all others in the summary.
     * @param {Failure} failure
     * @param {Fields|null} fields
     * @param {string} prefix Prepended to the errors' pointers, where the body is a member of the form's object.
     */
    showFailure(failure, fields = null, prefix = "") {
        const errors = failure.errors ?? [];
        const rest = fields
            ? fields.showFaults(errors.map(({ pointer, detail }) => ({ pointer: prefix + pointer, detail })))
            : errors.map(({ pointer, detail }) => `${pointer} ${detail}`.trim());
        this.show(failure.title ? `${failure.title}.` : "Not saved.", errors.length ? rest : [failure.message],
            failure.requestId);
    }

    clear() {
        fill(this.node);
        this.node.hidden = true;
    }
}

/**
 * Creates a notice above a form, with buttons.
 * @param {string} text
 * @param {...HTMLElement} actions
 */
export function notice(text, ...actions) {
    return make("div", { class: "notice", role: "status" }, make("p", {}, text), ...actions);
}

/**
 * Creates a notice that a draft has been restored.
 * @param {{at: number}} draft
 * @param {() => void} onDiscard
 */
export function restoredNotice(draft, onDiscard) {
    const when = shortTime(new Date(draft.at).toISOString());
    return notice(`Restored: what you had typed at ${when}. It is not saved yet.`,
        button("Discard", onDiscard, { class: "quiet" }));
}

/**
 * Creates the primary button among several.
 * @param {string} text
 * @param {((event: Event) => unknown)|null} action
 * @param {Attributes} attributes
 */
export function mainButton(text, action, attributes = {}) {
    return button(text, action, { class: "main", ...attributes });
}
