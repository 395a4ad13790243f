// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The form for an update, shared by the composer and the editor.
import { make } from "../shared/dom.js";
import { SignedOut } from "./api.js";
import { button, fill, focusOnElement, freshId, moreButton } from "./elements.js";
import { addressEdit, refusedAddress } from "./embed-address.js";
import { Fields } from "./fields.js";
import { FormFault } from "./form-parts.js";
import { NotifyTick } from "./notify-tick.js";
import { MarkdownControl } from "./markdown-control.js";
import { phrase } from "./phrases.js";
import { acceptPictures } from "./picture-input.js";
import { showUpdatePage } from "./page-frame.js";
import { Preview } from "./preview.js";
import { PublishCheck, addressesIn } from "./publish-check.js";
import { instantOf, localText, shortTime } from "./local-times.js";
import { applyEdit } from "./text-edit.js";
import { typedMembers, UPDATE_FIELDS, valueFrom, valuesFrom } from "./values.js";
import { UploadWait } from "./upload-wait.js";

const FOLDED = ["author", "tags", "occurredAt", "sources", "language"];
const SCHEDULE_FIELD = { name: "publishAt", label: phrase("publishAt"), kind: "time" };

/** Fields and preview, with an action bar for errors, progress and buttons below. */
export class UpdateForm {
    /**
     * @param {Desk} desk
     * @param {{label: string, onInput: () => void, onMain: () => void, published: () => EditorUpdate[],
     *   id?: string|null}} options `onMain`: Ctrl+Enter; `published`: in the same story; `id`: of an update that
     *   exists.
     */
    constructor(desk, { label, onInput, onMain, published, id = null }) {
        this.onInput = onInput;
        this.id = id;
        this.check = new PublishCheck(desk.api, published);
        this.isChecking = false;
        this.fields = new Fields(UPDATE_FIELDS, () => this.changed(), {
            pictures: desk.pictures, snippets: desk.snippets,
        });
        this.notify = new NotifyTick(this.fields);
        this.preview = new Preview(desk.api, refusal => this.remedy(refusal));
        this.wait = new UploadWait(this.fields);
        this.fault = new FormFault();
        this.above = make("div", { class: "above" });
        this.actions = make("div", { class: "actions" });
        this.progress = make("p", { class: "progress" });
        this.saved = make("p", { class: "hint saved" });
        this.summary = make("span", { class: "summary" });
        this.more = make("details", { class: "more" }, make("summary", {}, phrase("more"), " ", this.summary),
            ...FOLDED.map(name => this.fields.node(name)));
        this.inner = make("fieldset", { class: "plain" }, this.fields.node("title"),
            this.fields.node("body"), this.fields.node("media"),
            make("div", { class: "flags" }, this.fields.node("pinned"), this.fields.node("keyEvent"), this.notify.node),
            this.more);
        this.node = make("form",
            { class: "update-form", "aria-label": label, novalidate: true, submit: event => event.preventDefault() },
            this.above, this.inner, this.preview.node,
            make("div", { class: "action-bar" }, this.fault.node, this.wait.node, this.progress, this.actions));
        const text = this.fields.controls.get("body");
        if (text instanceof MarkdownControl) text.foot.append(this.saved);
        for (const list of this.fields.mediaLists) acceptPictures(this.node, list);
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
        fill(this.summary, foldedSummary(this.typed) || phrase("foldedHint"));
    }

    /**
     * Fills the action bar.
     * @param {HTMLElement[]} main Always in sight.
     * @param {Content[]} others On phones unfolded by a press.
     * @param {HTMLElement} below
     */
    offer(main, others, below) {
        const folded = make("div", { class: "others", id: freshId("others") }, ...others);
        fill(this.actions, ...main, moreButton(folded), folded, below);
    }

    /**
     * Creates a button that previews the update on its story's page.
     * @param {Desk} desk
     * @param {string} story Id.
     * @param {string|null} id The update's id, if it has been saved before.
     */
    previewButton(desk, story, id = null) {
        return button(phrase("previewMore"), async () => {
            if (!this.hasText()) return;
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
        this.areActionsDisabled = isLocked;
    }

    /** @param {boolean} areDisabled */
    set areActionsDisabled(areDisabled) {
        for (const action of this.actions.querySelectorAll("button")) action.disabled = areDisabled;
        for (const action of this.actions.querySelectorAll("input")) action.disabled = areDisabled;
    }

    /** Validates that there is a text. */
    hasText() {
        this.clearFaults();
        if (this.typed.body.trim()) return true;
        this.fields.showFaults([{ pointer: "/body", detail: phrase("textNeeded") }]);
        return false;
    }

    /**
     * Validates what the server does not: a text, and the alternative texts of pictures that readers will see.
     * @param {UpdateState} state The state that the update is sent in.
     */
    isComplete(state) {
        return this.hasText() && this.fields.mediaLists.every(list => list.isComplete(state !== "draft"));
    }

    /**
     * Returns whether the form can be sent; waits until all its pictures are uploaded.
     * @param {UpdateState} state The state that the update is sent in.
     * @param {string} verb What the editor wants, such as `Publish`.
     */
    async isReady(state, verb) {
        if (this.wait.isOn || this.isChecking || !this.isComplete(state)) return false;
        if (this.preview.refusal) {
            this.showFailure(this.preview.refusal);
            return false;
        }
        // What is typed while it waits is sent as well.
        if (this.wait.isNeeded && (!await this.isUploaded(verb) || !this.isComplete(state))) return false;
        for (const list of this.fields.mediaLists) list.rememberCredits();
        return state === "draft" || this.isMeant(verb);
    }

    // Whether it is to be published in spite of what there is to warn of.
    /** @param {string} verb */
    async isMeant(verb) {
        const values = valuesFrom(UPDATE_FIELDS, this.typed);
        if (addressesIn(values).length > 0) this.tell(phrase("checkingLinks"));
        this.isChecking = true;
        this.areActionsDisabled = true;
        const isMeant = await this.check.isMeant(values, this.id, verb);
        this.areActionsDisabled = false;
        this.isChecking = false;
        this.tell("");
        // Not if the editor has left it meanwhile.
        return isMeant && this.node.isConnected;
    }

    /** @param {string} verb */
    async isUploaded(verb) {
        this.areActionsDisabled = true;
        const isUploaded = await this.wait.until(verb);
        this.areActionsDisabled = false;
        if (!isUploaded && document.activeElement === document.body) {
            focusOnElement(this.actions.querySelector("button"));
        }
        return isUploaded;
    }

    /**
     * Shows why saving failed.
     * @param {Failure} failure
     */
    showFailure(failure) {
        this.fault.showFailure(failure, this.fields);
        this.fault.node.append(this.remedy(failure) ?? "");
    }

    /**
     * A button that puts the address in place of an embed code, for which the text was refused.
     * @param {Failure} failure
     * @returns {HTMLElement|null} Null if that is not why.
     */
    remedy(failure) {
        const address = refusedAddress(failure);
        const area = this.fields.input("body");
        if (!address || !(area instanceof HTMLTextAreaElement) || !addressEdit(area.value, address)) return null;
        return button(phrase("useAddress"), () => {
            const edit = addressEdit(area.value, address);
            if (edit) applyEdit(area, edit);
        }, { title: address });
    }

    clearFaults() {
        this.fields.clearFaults();
        this.fault.clear();
    }

    /** @param {string} text */
    tell(text) {
        fill(this.progress, text);
    }

    /**
     * Says when the input was saved last, without being announced.
     * @param {string|null} at Null: there is nothing to save.
     * @param {boolean} isOnServer Otherwise in this browser alone.
     */
    showSaved(at, isOnServer) {
        const time = shortTime(at);
        fill(this.saved, at && (isOnServer ? phrase("savedAt", { time }) : phrase("savedHereAt", { time })));
        this.saved.title = at && isOnServer ? phrase("goOnElsewhere") : "";
    }

    /** Stops the uploads of what is not wanted any more. */
    discardUploads() {
        for (const list of this.fields.mediaLists) list.discard();
    }

    close() {
        this.wait.cancel();
        this.fields.close();
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
        this.opener = button(phrase("scheduleMore"), () => this.toggle(), { "aria-expanded": "false" });
        this.confirm = button(phrase("schedule"), () => this.submit(), { class: "main" });
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
    if (Number.isNaN(time)) return phrase("sayWhen");
    return time <= now ? phrase("timePassed") : "";
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
    const count = values.sources.length;
    return [
        values.author, values.tags.join(", "), count > 0 && phrase("sourceCount", { count }),
        Date.parse(values.occurredAt) && phrase("happenedAtTime", { time: shortTime(values.occurredAt) }),
        values.language,
    ].filter(Boolean).join(" · ");
}
