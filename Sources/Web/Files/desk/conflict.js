// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Resolving an edit conflict: my version and theirs, side by side.
import { WRITTEN, make } from "../shared/dom.js";
import { button, elementAt, freshId, sideNodes } from "./elements.js";
import { openDialog } from "./dialogs.js";
import { FormFault, mainButton } from "./form-parts.js";
import { wordDiff } from "./diff.js";
import { differences, settled } from "./merge.js";
import { phrase } from "./phrases.js";
import { comparedLabels, typedOf } from "./values.js";

const BY_HAND = ["line", "text", "lines", "words", "url"];

/**
 * Asks, for each member in which mine and theirs differ, which version to keep.
 * @param {Field[]} fields
 * @param {Thing} base The common ancestor.
 * @param {Thing} mine
 * @param {Thing} theirs
 * @param {string|null} [name] Who has made theirs, if that is known.
 * @returns {Promise<{typed: Typed, isFinal: boolean}|null>} The resolution, as `saveChange` expects it; null if the
 *   editor cancelled.
 */
export function resolveConflict(fields, base, mine, theirs, name) {
    const rows = differences(fields, base, mine, theirs).map(difference => new ConflictRow(difference));
    const notes = notesOn(base, theirs);
    /** @param {boolean} isFinal */
    const settle = isFinal => ({ typed: settled(fields, mine, theirs, choicesIn(rows)), isFinal });
    // Only members that no form field shows were changed.
    if (!rows.length && !notes.length) return Promise.resolve(settle(true));
    const fault = new FormFault();
    const open = rows.filter(row => row.isOpen).length;
    const text = open > 0
        ? phrase("conflictSame")
        : phrase("conflictDifferent");
    return openDialog(name ? phrase("conflictTitleBy", { name }) : phrase("conflictTitle"), [
        make("p", {}, text), ...notes,
        make("div", { class: "rows", change: () => fault.clear() }, ...rows.map(row => row.node)), fault.node,
    ], close => [
        button(phrase("backToMine"), () => close(null), { title: phrase("backToMineHint") }),
        button(phrase("editResult"), () => close(settle(false)), { title: phrase("editResultHint") }),
        mainButton(phrase("saveThis"), () => {
            const first = rows.find(row => row.choice === null);
            if (first) {
                fault.show(phrase("chooseFor", { field: first.label }));
                first.focus();
            } else {
                close(settle(true));
            }
        }),
    ], { isWide: true });
}

/** @param {ConflictRow[]} rows */
function choicesIn(rows) {
    return Object.fromEntries(rows.map(row => [row.name, row.choice]));
}

// Notes on changes that no form field shows: state and retraction.
/** @param {Thing} base @param {Thing} theirs */
function notesOn(base, theirs) {
    const notes = [];
    if (base.state && theirs.state !== base.state) {
        notes.push(phrase("meanwhile." + theirs.state));
    }
    if (theirs.stricken && !base.stricken) notes.push(phrase("retractedMeanwhile", { reason: theirs.stricken.reason }));
    return notes.map(note => make("p", { class: "notice" }, note));
}

/** One conflicting member, with both versions and the choice between them. */
class ConflictRow {
    /** @param {Difference} options */
    constructor({ field, mine, theirs, by }) {
        this.name = field.name;
        this.label = field.label;
        this.isOpen = by === "both";
        this.group = freshId("choice");
        const [my, their] = comparedLabels(field, mine, theirs);
        const diff = wordDiff(my, their);
        this.hand = make(field.kind === "text" || field.kind === "lines" ? "textarea" : "input",
            { "aria-label": phrase("byHand", { field: field.label }), rows: "5", autocomplete: "off", hidden: true,
                ...WRITTEN });
        this.hand.value = typedOf(field, mine);
        this.node = make("fieldset", { class: "conflict", "data-field": field.name },
            make("legend", {}, field.label),
            make("div", { class: "sides" },
                this.side("mine", phrase("keepMine"), my, diff, "gone"),
                this.side("theirs", phrase("takeTheirs"), their, diff, "new")),
            BY_HAND.includes(field.kind) && this.radio("hand", phrase("editByHand")), this.hand);
        this.node.addEventListener("change", () => this.showHand());
        if (by === "me") this.choose("mine");
        if (by === "them") this.choose("theirs");
    }

    /**
     * @param {string} value
     * @param {string} text
     * @param {string} words
     * @param {DiffPart[]} diff
     * @param {"gone"|"new"} own
     */
    side(value, text, words, diff, own) {
        return make("div", { class: "side" }, this.radio(value, text),
            words ? make("div", { class: "diff" }, sideNodes(diff, own))
                : make("p", { class: "nothing" }, phrase("nothing")));
    }

    /** @param {string} value @param {string} text */
    radio(value, text) {
        return make("label", { class: "flag" }, make("input", { type: "radio", name: this.group, value }), text);
    }

    /** @param {string} value */
    choose(value) {
        elementAt(this.node, `input[value="${value}"]`, HTMLInputElement).checked = true;
        this.showHand();
    }

    showHand() {
        this.hand.hidden = this.chosen !== "hand";
        if (!this.hand.hidden) this.hand.focus();
    }

    get chosen() {
        return [...this.node.querySelectorAll("input")].find(({ type, checked }) => type === "radio" && checked)?.value
            ?? null;
    }

    /** The choice as `settled` expects it; null while open. */
    get choice() {
        return this.chosen === "hand" ? { typed: this.hand.value } : this.chosen;
    }

    focus() {
        elementAt(this.node, "input[type=radio]", HTMLInputElement).focus();
    }
}
