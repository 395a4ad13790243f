// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The form for an update, shared by the composer and the editor.
import { make } from "../shared/dom.js";
import { SignedOut } from "./api.js";
import { button, fill } from "./elements.js";
import { Fields, FormFault } from "./fields.js";
import { NotifyTick } from "./notify-tick.js";
import { showUpdatePage } from "./page-frame.js";
import { Preview } from "./preview.js";
import { instantOf, localText, shortTime } from "./local-times.js";
import { typedMembers, UPDATE_FIELDS, valueFrom, valuesFrom } from "./values.js";

const FOLDED = ["author", "tags", "occurredAt", "sources", "media"];
const SCHEDULE_FIELD = { name: "publishAt", label: "Publish at", kind: "time" };

/** Fields and preview, with an action bar for errors, progress and buttons below. */
export class UpdateForm {
    /**
     * @param {{api: DeskApi, label: string, onInput: () => void, onMain: () => void}} options `onMain`: Ctrl+Enter.
     */
    constructor({ api, label, onInput, onMain }) {
        this.onInput = onInput;
        this.fields = new Fields(UPDATE_FIELDS, () => this.changed());
        this.notify = new NotifyTick(this.fields);
        this.preview = new Preview(api);
        this.fault = new FormFault();
        this.above = make("div", { class: "above" });
        this.actions = make("div", { class: "actions" });
        this.progress = make("p", { class: "progress" });
        this.summary = make("span", { class: "summary" });
        this.more = make("details", { class: "more" }, make("summary", {}, "More ", this.summary),
            ...FOLDED.map(name => this.fields.node(name)));
        this.inner = make("fieldset", { class: "plain" }, this.fields.node("title"), this.fields.node("body"),
            make("div", { class: "flags" }, this.fields.node("pinned"), this.fields.node("keyEvent"),
                this.notify.node), this.more);
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
        this.notify.update();
        this.summarize();
        this.preview.show(this.fields.input("body").value);
    }

    changed() {
        this.fault.clear();
        this.notify.update();
        this.summarize();
        this.preview.show(this.fields.input("body").value);
        this.onInput();
    }

    summarize() {
        fill(this.summary, foldedSummary(this.typed) || "author, tags, sources, media, time");
    }

    /**
     * Creates a button that previews the update on its story's page.
     * @param {Desk} desk
     * @param {string} story Id.
     * @param {string|null} id The update's id, if it has been saved before.
     */
    previewButton(desk, story, id = null) {
        return button("Preview…", async () => {
            if (!this.isComplete()) return;
            await showUpdatePage(desk, story, valuesFrom(UPDATE_FIELDS, this.typed), id)
                .catch(failure => failure instanceof SignedOut || this.showFailure(failure));
        });
    }

    /** Whether input is disabled, while the update is being sent. */
    get isLocked() {
        return this.inner.disabled;
    }

    set isLocked(isLocked) {
        this.inner.disabled = isLocked;
        for (const action of this.actions.querySelectorAll("button")) action.disabled = isLocked;
        for (const action of this.actions.querySelectorAll("input")) action.disabled = isLocked;
    }

    /** Validates that there is a text; all else is validated by the server. */
    isComplete() {
        this.clearFaults();
        if (this.typed.body.trim()) return true;
        this.fields.showFaults([{ pointer: "/body", detail: "An update needs a text." }]);
        return false;
    }

    /**
     * Shows why saving failed.
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

/** A button that unfolds a time field for scheduling. */
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

    /** Folds the field, and returns the focus to the opener. */
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
     * Shows the server's errors about the time, which may have passed by the server's clock.
     * @param {{pointer: string, detail: string}[]} errors
     */
    showFaults(errors) {
        if (!errors.some(({ pointer }) => pointer === "/publishAt")) return;
        this.toggle(true);
        this.fields.showFaults(errors);
    }
}

/**
 * Validates a publication time. Past times are rejected: publishing at once after a time zone mix-up breaks embargoes.
 * @param {string|null} publishAt As returned by `instantOf`.
 * @param {number} now Milliseconds since 1970.
 * @returns {string} The error message; empty if valid.
 */
export function scheduleFault(publishAt, now = Date.now()) {
    const time = Date.parse(publishAt ?? "");
    if (Number.isNaN(time)) return "Say when.";
    return time <= now ? "This time has passed. To publish it now, use “Publish”." : "";
}

// Now plus one hour, rounded down to the full hour.
/** @param {Date} now */
function inAnHour(now) {
    const date = new Date(now.getTime() + 3600_000);
    date.setMinutes(0, 0, 0);
    return date.toISOString();
}

/**
 * Summarizes the folded fields of the form.
 * @param {Typed} typed
 * @returns {string} Empty if they are all empty.
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
