// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The form in which an update is written, new or not.
import { make } from "../shared/dom.js";
import { SignedOut } from "./api.js";
import { button, fill } from "./elements.js";
import { Fields, FormFault } from "./fields.js";
import { showUpdatePage } from "./page-frame.js";
import { Preview } from "./preview.js";
import { instantOf, localText, shortTime } from "./local-times.js";
import { typedMembers, UPDATE_FIELDS, valueFrom, valuesFrom } from "./values.js";

const FOLDED = ["author", "tags", "occurredAt", "sources", "media"];
const SCHEDULE_FIELD = { name: "publishAt", label: "Publish at", kind: "time" };

/** Fields, preview, and a place for buttons and words below them. */
export class UpdateForm {
    /**
     * @param {{api: DeskApi, label: string, onInput: () => void, onMain: () => void}} options `onMain`: Ctrl+Enter.
     */
    constructor({ api, label, onInput, onMain }) {
        this.onInput = onInput;
        this.fields = new Fields(UPDATE_FIELDS, () => this.changed());
        this.preview = new Preview(api);
        this.fault = new FormFault();
        this.above = make("div", { class: "above" });
        this.actions = make("div", { class: "actions" });
        this.progress = make("p", { class: "progress" });
        this.summary = make("span", { class: "summary" });
        this.more = make("details", { class: "more" }, make("summary", {}, "More ", this.summary),
            ...FOLDED.map(name => this.fields.node(name)));
        this.inner = make("fieldset", { class: "plain" }, this.fields.node("title"), this.fields.node("body"),
            make("div", { class: "flags" }, this.fields.node("pinned"), this.fields.node("keyEvent")), this.more);
        this.node = make("form",
            { class: "update-form", "aria-label": label, novalidate: true, submit: event => event.preventDefault() },
            this.above, this.inner, this.preview.node,
            make("div", { class: "action-bar" }, this.fault.node, this.progress, this.actions));
        this.node.addEventListener("keydown", event => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            if (!this.isLocked) onMain();
        });
        this.fields.typed = typedMembers(UPDATE_FIELDS, {});
        this.summarize();
    }

    get typed() {
        return this.fields.typed;
    }

    set typed(typed) {
        this.fields.typed = typed;
        this.summarize();
        this.preview.show(this.fields.input("body").value);
    }

    changed() {
        this.fault.clear();
        this.summarize();
        this.preview.show(this.fields.input("body").value);
        this.onInput();
    }

    summarize() {
        fill(this.summary, foldedSummary(this.typed) || "author, tags, sources, media, time");
    }

    /**
     * A button that shows what is written where it will stand.
     * @param {Desk} desk
     * @param {string} story Id.
     * @param {string|null} id Of the update, if it has been saved before.
     */
    previewButton(desk, story, id = null) {
        return button("Preview…", async () => {
            if (!this.isComplete()) return;
            await showUpdatePage(desk, story, valuesFrom(UPDATE_FIELDS, this.typed), id)
                .catch(failure => failure instanceof SignedOut || this.showFailure(failure));
        });
    }

    /** While it is on its way, nothing of it may be changed. */
    get isLocked() {
        return this.inner.disabled;
    }

    set isLocked(isLocked) {
        this.inner.disabled = isLocked;
        for (const action of this.actions.querySelectorAll("button")) action.disabled = isLocked;
        for (const action of this.actions.querySelectorAll("input")) action.disabled = isLocked;
    }

    /** A text is needed; all else the server knows better. */
    isComplete() {
        this.clearFaults();
        if (this.typed.body.trim()) return true;
        this.fields.showFaults([{ pointer: "/body", detail: "An update needs a text." }]);
        return false;
    }

    /**
     * Shows why it was not saved.
     * @param {Failure} failure
     */
    showFailure(failure) {
        this.fault.showFailure(failure, this.fields);
    }

    clearFaults() {
        this.fields.clearFaults();
        this.fault.clear();
    }

    /** @param {string} text */
    tell(text) {
        fill(this.progress, text);
    }

    close() {
        this.preview.close();
    }
}

/** A button that unfolds a time, and schedules for it. */
export class ScheduleControl {
    /**
     * @param {(publishAt: string) => void} onSchedule RFC 3339, in the future.
     */
    constructor(onSchedule) {
        this.onSchedule = onSchedule;
        this.fields = new Fields([SCHEDULE_FIELD], () => {});
        this.opener = button("Schedule…", () => this.toggle(), { "aria-expanded": "false" });
        this.confirm = button("Schedule", () => this.submit(), { class: "main" });
        this.node = make("div", { class: "schedule", hidden: true }, this.fields.node("publishAt"), this.confirm);
        this.node.addEventListener("keydown", event => {
            if (event.key === "Escape") {
                event.preventDefault();
                return this.close();
            }
            const isMeant = event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey;
            if (event.key !== "Enter" || !isMeant) return;
            event.preventDefault();
            event.stopPropagation();
            this.submit();
        });
    }

    toggle(isOpen = this.node.hidden) {
        this.node.hidden = !isOpen;
        this.opener.setAttribute("aria-expanded", String(isOpen));
        if (!isOpen) return;
        const input = this.fields.input("publishAt");
        if (!input.value) this.fields.typed = { publishAt: localText(inAnHour(new Date())) };
        this.fields.controls.get("publishAt")?.showZone?.(SCHEDULE_FIELD);
        input.focus();
    }

    /** Folds it up, and goes back to what has unfolded it. */
    close() {
        this.toggle(false);
        this.opener.focus();
    }

    submit() {
        const publishAt = instantOf(this.fields.typed.publishAt);
        const words = scheduleFault(publishAt);
        this.fields.showFaults(words ? [{ pointer: "/publishAt", detail: words }] : []);
        if (!words && publishAt) this.onSchedule(publishAt);
    }

    /**
     * Shows what the server says of the time, by whose clock it may have passed on the way.
     * @param {{pointer: string, detail: string}[]} errors
     */
    showFaults(errors) {
        if (!errors.some(({ pointer }) => pointer === "/publishAt")) return;
        this.toggle(true);
        this.fields.showFaults(errors);
    }
}

/**
 * Why something cannot be scheduled for a time. Past ones are refused: whoever mistakes the zone breaks an embargo.
 * @param {string|null} publishAt As of `instantOf`.
 * @param {number} now Milliseconds since 1970.
 * @returns {string} Empty where it can.
 */
export function scheduleFault(publishAt, now = Date.now()) {
    const time = Date.parse(publishAt ?? "");
    if (Number.isNaN(time)) return "Say when.";
    return time <= now ? "This time has passed. To publish it now, use “Publish”." : "";
}

// The next full hour that is not too near.
/** @param {Date} now */
function inAnHour(now) {
    const date = new Date(now.getTime() + 3600_000);
    date.setMinutes(0, 0, 0);
    return date.toISOString();
}

/**
 * What is in the folded part of the form, in a few words.
 * @param {Typed} typed
 * @returns {string} Empty where there is nothing.
 */
export function foldedSummary(typed) {
    const values = Object.fromEntries(UPDATE_FIELDS.map(field => [field.name, valueFrom(field, typed[field.name])]));
    /** @param {unknown[]} list @param {string} one @param {string} many */
    const count = (list, one, many) => list.length > 0 && `${list.length} ${list.length === 1 ? one : many}`;
    return [
        values.author, values.tags.join(", "), count(values.sources, "source", "sources"),
        count(values.media, "medium", "media"),
        Date.parse(values.occurredAt) && `happened ${shortTime(values.occurredAt)}`,
    ].filter(Boolean).join(" · ");
}
