// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The outline of a story beside its list: hours and key events to jump to.
import { make, named } from "../shared/dom.js";
import { fill, focusOnElement } from "./elements.js";
import { countedUpdates, labelOf } from "./labels.js";
import { clockText, dayText } from "./local-times.js";
import { outlineEntries } from "./outline-entries.js";
import { numberText, phrase } from "./phrases.js";

// Changes come in bursts.
const REFRESH_MILLISECONDS = 2_000;
const WIDE = "(min-width: 80rem)";

/** A list of links to hours and key events, also of what is not loaded. */
export class StoryOutline {
    #timer = 0;
    #form = "";
    #isClosed = false;

    /**
     * @param {Desk} desk
     * @param {string} story Id.
     * @param {(id: string) => unknown} onChosen Shows an update.
     */
    constructor(desk, story, onChosen) {
        this.desk = desk;
        this.path = `/stories/${story}`;
        this.onChosen = onChosen;
        this.list = make("ol", {});
        this.fold = make("details", { open: matchMedia(WIDE).matches },
            make("summary", {}, phrase("outline")), this.list);
        this.node = make("nav", { class: "outline", "aria-label": phrase("outline"), hidden: true }, this.fold);
        this.read();
    }

    close() {
        this.#isClosed = true;
        clearTimeout(this.#timer);
    }

    /**
     * Reads it again soon if a change concerns it.
     * @param {Change[]} changes
     */
    changed(changes) {
        if (changes.some(({ op }) => op === "put" || op === "remove")) this.soon();
    }

    /** Reads it again, once changes have ceased to come for a while. */
    soon() {
        if (this.#timer) return;
        this.#timer = setTimeout(() => {
            this.#timer = 0;
            this.read();
        }, REFRESH_MILLISECONDS);
    }

    // Best effort: without it the list is there all the same.
    async read() {
        const answers = await Promise.all([
            this.desk.api.ask("GET", `${this.path}/outline`),
            this.desk.api.ask("GET", `${this.path}/updates?only=key&limit=200`),
        ]).catch(() => null);
        if (!answers || this.#isClosed) return;
        const [{ value: { hours } }, { value: { updates } }] = answers;
        this.show(hours, updates);
    }

    /** @param {import("./outline-entries.js").OutlineHour[]} hours @param {EditorUpdate[]} events */
    show(hours, events) {
        const entries = outlineEntries(hours, events, dayText);
        const form = JSON.stringify(entries.map(entry => entry.kind === "hour" ? [entry.at, entry.count, entry.day]
            : [entry.id, entry.at, labelOf(entry.update), Boolean(entry.update.stricken)]));
        if (form === this.#form) return;
        this.#form = form;
        this.node.hidden = entries.length === 0;
        const focused = this.list.contains(document.activeElement)
            ? document.activeElement?.closest("li")?.dataset.entry : null;
        fill(this.list, ...entries.map(entry => entry.kind === "hour" ? this.hourNode(entry) : this.eventNode(entry)));
        if (!focused) return;
        focusOnElement([...this.list.children].find(node => node.getAttribute("data-entry") === focused)
            ?.querySelector("button"));
    }

    /** @param {import("./outline-entries.js").HourEntry} entry */
    hourNode({ at, id, count, day }) {
        return make("li", { class: "hour", "data-entry": at },
            day && make("span", { class: "day" }, day),
            this.jumpButton(id, make("time", { datetime: at }, clockText(at)), " ",
                make("span", { class: "count", "aria-label": countedUpdates(count) }, numberText(count))));
    }

    /** @param {import("./outline-entries.js").EventEntry} entry */
    eventNode({ at, id, update }) {
        const name = named(labelOf(update));
        return make("li", { class: "event", "data-entry": id },
            this.jumpButton(id, make("time", { datetime: at }, clockText(at)), " ", ...update.stricken
                ? [make("span", { class: "unseen" }, phrase("retractedSaid"), " "), make("s", {}, name)] : [name]));
    }

    /** @param {string} id @param {...Content} content */
    jumpButton(id, ...content) {
        return make("button", { type: "button", class: "jump", click: () => this.onChosen(id) }, ...content);
    }
}
