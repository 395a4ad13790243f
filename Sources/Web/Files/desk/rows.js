// A list in a form: rows that can be added, taken out and moved.
import { button, fill, make } from "./dom.js";
import { Fields } from "./fields.js";
import { isBlankRow, typedMembers } from "./values.js";

/** The control of a field of the kind `rows`. */
export class FieldRows {
    /**
     * @param {import("./values.js").Field} field
     * @param {() => void} onInput
     * @param {string} pointer Of the list.
     */
    constructor(field, onInput, pointer) {
        Object.assign(this, { field, pointer });
        this.onInput = () => {
            this.showFault("");
            onInput();
        };
        this.rows = [];
        this.list = make("ol", { class: "rows" });
        this.fault = make("p", { class: "fault", hidden: true });
        this.adding = button(`Add a ${field.one.toLowerCase()}`, () => this.addRow({}, true), { class: "quiet add" });
        this.node = make("fieldset", { class: "list", "data-field": field.name },
            make("legend", {}, field.label), this.list, this.fault, this.adding);
    }

    get typed() {
        return this.rows.map(row => row.fields.typed);
    }

    set typed(list) {
        this.rows = [];
        fill(this.list);
        for (const typed of list) this.addRow(typed, false);
    }

    addRow(typed, isNew) {
        const row = { fields: new Fields(this.field.members, this.onInput) };
        row.fields.typed = { ...typedMembers(this.field.members, {}), ...typed };
        row.legend = make("legend", {});
        row.node = make("li", {}, make("fieldset", { class: "row" }, row.legend,
            ...this.field.members.map(member => row.fields.node(member.name)),
            make("div", { class: "row-actions" }, ...this.rowActions(row))));
        this.rows.push(row);
        this.list.append(row.node);
        this.number();
        if (isNew) {
            row.fields.input(this.field.members[0].name).focus();
            this.onInput();
        }
    }

    rowActions(row) {
        const move = (text, by) => button(text, () => this.move(row, by), { class: "quiet", "data-move": String(by) });
        return [
            ...this.field.movable ? [move("Up", -1), move("Down", 1)] : [],
            button("Remove", () => this.remove(row), { class: "quiet" }),
        ];
    }

    move(row, by) {
        const from = this.rows.indexOf(row);
        const to = from + by;
        if (to < 0 || to >= this.rows.length) return;
        this.rows.splice(to, 0, ...this.rows.splice(from, 1));
        this.list.insertBefore(row.node, this.list.children[by < 0 ? to : to + 1] ?? null);
        this.number();
        // The button is where it was under the finger, unless it has nowhere further to go.
        const again = row.node.querySelector(`[data-move="${by}"]:not(:disabled)`);
        (again ?? row.node.querySelector("[data-move]:not(:disabled)"))?.focus();
        this.onInput();
    }

    remove(row) {
        const index = this.rows.indexOf(row);
        this.rows.splice(index, 1);
        row.node.remove();
        this.number();
        const next = this.rows[Math.min(index, this.rows.length - 1)];
        (next ? next.fields.input(this.field.members[0].name) : this.adding).focus();
        this.onInput();
    }

    number() {
        this.rows.forEach((row, index) => {
            const name = `${this.field.one} ${index + 1}`;
            fill(row.legend, name);
            for (const action of row.node.querySelectorAll(".row-actions button")) {
                action.setAttribute("aria-label", `${action.textContent}: ${name}`);
                const by = Number(action.dataset.move ?? 0);
                action.disabled = index + by < 0 || index + by >= this.rows.length;
            }
        });
    }

    showFault(text) {
        fill(this.fault, text);
        this.fault.hidden = !text;
    }

    reveal() {
        const folded = this.node.closest("details");
        if (folded) folded.open = true;
        this.adding.focus();
    }

    /** Blank rows are not sent, so that those behind them have other numbers there. */
    faultPlaces() {
        const sent = this.rows.filter(row => !isBlankRow(this.field.members, row.fields.typed));
        const places = sent.flatMap((row, index) => [...row.fields.faultPlaces()]
            .map(([pointer, place]) => [`${this.pointer}/${index}${pointer}`, place]));
        return [...places, [this.pointer, this]];
    }
}
