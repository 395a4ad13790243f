// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Controls with a single input element.
import { make } from "../shared/dom.js";
import { fill, freshId } from "./elements.js";
import { instantOf, zoneText } from "./local-times.js";
import { phrase } from "./phrases.js";

/** A field with a single input element. */
export class TextControl {
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
                field.required && make("span", { class: "needed" }, ` ${phrase("needed")}`)),
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
export class FlagControl {
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
