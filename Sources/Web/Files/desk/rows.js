// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A list in a form, with rows that can be added, removed and moved.
import { make } from "../shared/dom.js";
import { button, fill, focusOnElement } from "./elements.js";
import { phrase } from "./phrases.js";
import { isSentRow, membersOf, typedMembers } from "./values.js";

/** A row of a list in a form. */
export class FieldRow {
    /**
     * @param {FieldRows} list
     * @param {Typed} typed
     */
    constructor(list, typed) {
        this.list = list;
        this.fields = list.makeFields(list.members, list.onInput);
        this.fields.typed = { ...typedMembers(list.members, {}), ...typed };
        this.legend = make("legend", {});
        this.actions = make("div", { class: "row-actions" }, ...list.rowActions(this));
        this.inner = make("fieldset", { class: "row" }, this.legend,
            ...list.members.map(member => this.fields.node(member.name)), this.actions);
        this.node = make("li", {}, this.inner);
    }

    /** @returns {Typed} */
    get typed() {
        return this.fields.typed;
    }

    /** What one of its kind is called. */
    get kind() {
        return this.list.one;
    }

    focus() {
        this.fields.input(this.list.members[0].name).focus();
    }

    /** Releases what it holds, once it is not shown any more. */
    close() {}
}

/** The control of a field of the kind `rows`. */
export class FieldRows {
    /**
     * @param {Field} field
     * @param {() => void} onInput
     * @param {string} pointer JSON Pointer to the list in the request body.
     * @param {(members: Field[], onInput: () => void) => Fields} makeFields
     *   Makes the fields of a row, which may themselves be lists.
     */
    constructor(field, onInput, pointer, makeFields) {
        this.field = field;
        this.pointer = pointer;
        this.makeFields = makeFields;
        this.members = membersOf(field);
        this.one = field.one ?? field.label;
        this.onInput = () => {
            this.showFault("");
            onInput();
        };
        /** @type {FieldRow[]} */
        this.rows = [];
        this.list = make("ol", { class: "rows" });
        this.fault = make("p", { class: "fault", hidden: true });
        this.adding = button(field.adding ?? "", () => this.addNew(), { class: "quiet add" });
        this.node = make("fieldset", { class: "list", "data-field": field.name },
            make("legend", {}, field.label), this.list, this.fault, this.adding);
    }

    /** @returns {any} */
    get typed() {
        return this.rows.map(row => row.typed);
    }

    set typed(list) {
        this.close();
        this.rows = [];
        fill(this.list);
        for (const typed of list) this.addRow(typed);
    }

    close() {
        for (const row of this.rows) row.close();
    }

    /**
     * @param {Typed} typed
     * @returns {FieldRow}
     */
    makeRow(typed) {
        return new FieldRow(this, typed);
    }

    /** @param {Typed} typed */
    addRow(typed) {
        const row = this.makeRow(typed);
        this.insert(row);
        return row;
    }

    /** @param {FieldRow} row */
    insert(row) {
        this.rows.push(row);
        this.list.append(row.node);
        this.number();
    }

    addNew() {
        this.addRow({}).focus();
        this.onInput();
    }

    /**
     * Goes on from an element of a row to the next row, which is added after the last one.
     * @param {Node} node
     */
    goOn(node) {
        const index = this.rows.findIndex(row => row.node.contains(node));
        const next = this.rows[index + 1];
        if (next) next.focus();
        else if (isSentRow(this.members, this.rows[index].typed)) this.addNew();
    }

    /** @param {FieldRow} row */
    rowActions(row) {
        /** @param {string} text @param {number} by */
        const move = (text, by) => button(text, () => this.move(row, by), { class: "quiet", "data-move": String(by) });
        return [
            ...this.field.movable ? [move(phrase("up"), -1), move(phrase("down"), 1)] : [],
            button(phrase("remove"), () => this.remove(row), { class: "quiet" }),
        ];
    }

    /** @param {FieldRow} row @param {number} by */
    move(row, by) {
        const from = this.rows.indexOf(row);
        const to = from + by;
        if (to < 0 || to >= this.rows.length) return;
        this.rows.splice(to, 0, ...this.rows.splice(from, 1));
        this.list.insertBefore(row.node, this.list.children[by < 0 ? to : to + 1] ?? null);
        this.number();
        // Focuses the pressed button again, or the opposite one at either end of the list.
        const again = row.node.querySelector(`[data-move="${by}"]:not(:disabled)`);
        focusOnElement(again ?? row.node.querySelector("[data-move]:not(:disabled)"));
        this.onInput();
    }

    /** @param {FieldRow} row */
    remove(row) {
        const index = this.rows.indexOf(row);
        this.rows.splice(index, 1);
        row.close();
        row.node.remove();
        this.number();
        const next = this.rows[Math.min(index, this.rows.length - 1)];
        (next ?? this.adder).focus();
        this.onInput();
    }

    number() {
        this.rows.forEach((row, index) => {
            const name = phrase("rowName", { kind: row.kind, number: index + 1 });
            fill(row.legend, name);
            for (const action of row.actions.querySelectorAll("button")) {
                action.setAttribute("aria-label", phrase("about", { action: action.textContent ?? "", title: name }));
                const by = Number(action.getAttribute("data-move") ?? 0);
                action.disabled = index + by < 0 || index + by >= this.rows.length;
            }
        });
    }

    /** @param {string} text */
    showFault(text) {
        fill(this.fault, text);
        this.fault.hidden = !text;
    }

    reveal() {
        const folded = this.node.closest("details");
        if (folded) folded.open = true;
        this.adder.focus();
    }

    /** The button to focus when there is no row. */
    get adder() {
        return this.adding;
    }

    /**
     * Rows that are not sent shift the indices of those after them.
     * @returns {[string, FaultPlace][]}
     */
    faultPlaces() {
        const sent = this.rows.filter(row => isSentRow(this.members, row.typed));
        const places = sent.flatMap((row, index) => [...row.fields.faultPlaces()]
            .map(([pointer, place]) => this.placeIn(index, pointer, place)));
        return [...places, [this.pointer, this]];
    }

    /**
     * @param {number} index The row's index in the request body.
     * @param {string} pointer Relative to the row.
     * @param {FaultPlace} place
     * @returns {[string, FaultPlace]}
     */
    placeIn(index, pointer, place) {
        return [`${this.pointer}/${index}${pointer}`, place];
    }
}
