// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The composer for a new update.
import { SignedOut } from "./api.js";
import { button, fill, focusOnElement } from "./elements.js";
import { mainButton, notice, restoredNotice } from "./form-parts.js";
import { phrase } from "./phrases.js";
import { keyLabel } from "./shortcuts.js";
import { ScheduleControl, UpdateForm } from "./update-form.js";
import { freshKey } from "./outbox.js";
import { ServerCopy } from "./server-copy.js";
import { Stopped, troubleText } from "./retry.js";
import { isSame, typedMembers, UPDATE_FIELDS, valuesFrom } from "./values.js";
import { labelOf } from "./labels.js";

/** The form for new updates of a story. */
export class Composer {
    #unwatch;

    /**
     * @param {Desk} desk
     * @param {string} story Id.
     * @param {(answer: Pick<Answer, "value"|"tag">) => void} onSaved
     * @param {() => EditorUpdate[]} published What is published in the story, as far as it is loaded.
     */
    constructor(desk, story, onSaved, published) {
        this.desk = desk;
        this.story = story;
        this.onSaved = onSaved;
        this.slot = `${story}/new`;
        this.form = new UpdateForm(desk, {
            label: phrase("newUpdate"), onInput: () => this.keep(), onMain: () => this.send("published"),
            published,
        });
        this.empty = typedMembers(UPDATE_FIELDS, {});
        this.schedule = new ScheduleControl(publishAt => this.send("scheduled", publishAt));
        this.form.offer(
            [mainButton(phrase("publish"), () => this.send("published"), { title: keyLabel("Ctrl+Enter") })],
            [button(phrase("saveAsDraft"), () => this.send("draft")), this.schedule.opener,
                this.form.previewButton(desk, story)],
            this.schedule.node);
        this.node = this.form.node;
        this.copy = new ServerCopy(this);
        this.node.prepend(this.copy.node);
        /** @type {Pick<Draft, "once"|"sent">} */
        this.intent = { once: freshKey(), sent: [] };
        this.restore();
        this.form.notify.offer(desk.api, story);
        this.#unwatch = desk.onOutbox(() => this.showProgress());
    }

    close() {
        this.#unwatch();
        this.copy.close();
        if (this.form.wait.isOn) this.desk.say(phrase("notPublishedUploading"));
        this.form.close();
    }

    focus() {
        this.form.fields.input("body").focus();
    }

    // --- draft ---

    restore() {
        const draft = this.desk.drafts.read(this.slot);
        // One idempotency key for this text, whatever another window stores in the same slot in the meantime.
        this.intent = { once: draft?.once ?? freshKey(), sent: draft?.sent ?? [] };
        const { drafts, session, settings } = this.desk;
        const author = drafts.read(`${this.story}/author`)?.author ?? (session.author || settings.get("author"));
        const blank = { ...this.empty, author };
        this.form.typed = { ...blank, ...draft?.typed };
        fill(this.form.above);
        const promise = this.desk.outbox.follow(this.slot);
        if (promise) return this.follow(promise);
        this.copy.start(draft);
        if (draft && !this.desk.drafts.fresh.has(this.slot)) {
            this.form.above.append(restoredNotice(draft, () => this.discard()));
        }
    }

    get isBlank() {
        // The author is prefilled, so an author alone does not count as input.
        return isSame({ ...this.form.typed, author: "" }, this.empty) && !this.intent.sent.length;
    }

    /** Keeps the input: at once in the browser, soon on the server. */
    keep() {
        this.remember();
        this.copy.change(this.isBlank ? null : this.form.typed);
    }

    remember() {
        if (this.isBlank) this.desk.drafts.remove(this.slot);
        else this.desk.drafts.write(this.slot, { ...this.intent, ...this.copy.kept, typed: this.form.typed });
    }

    /**
     * Continues a text of another device.
     * @param {string} once Its name, and its idempotency key.
     * @param {Typed} typed
     * @param {() => void} begin Begins to save it.
     */
    take(once, typed, begin) {
        if (this.intent.once !== once) this.intent = { once, sent: [] };
        this.form.typed = typed;
        fill(this.form.above);
        begin();
        this.keep();
        this.focus();
    }

    /**
     * Takes the name of the editor for the author, unless there is one.
     * @param {string} author
     */
    takeAuthor(author) {
        if (!this.form.typed.author.trim()) this.form.typed = { ...this.form.typed, author };
        this.focus();
    }

    /**
     * Takes notice of changes in the story: one may be this text, published from another device.
     * @param {Change[]} changes Empty if the drafts have changed, or all was read.
     */
    noteChanges(changes) {
        if (!changes.length || changes.some(({ op }) => op === "put")) this.copy.check();
    }

    /** Makes the text another one, to be published beside what it was. */
    renew() {
        this.intent = { once: freshKey(), sent: [] };
        fill(this.form.above);
        this.copy.start(null);
        this.keep();
        this.focus();
    }

    discard() {
        this.copy.discard();
        this.desk.drafts.remove(this.slot);
        this.restore();
        this.form.clearFaults();
        this.focus();
    }

    // --- sending ---

    /**
     * Sends the form through the outbox under one idempotency key, so that it survives a reload.
     * @param {UpdateState} state
     * @param {string|null} [publishAt]
     */
    async send(state, publishAt = null) {
        const verb = {
            published: phrase("publish"), draft: phrase("keepAsDraft"), scheduled: phrase("schedule"),
        }[state];
        this.desk.message.hide();
        if (!await this.form.isReady(state, verb)) return;
        this.keep();
        const { typed } = this.form;
        const body = JSON.stringify({ ...valuesFrom(UPDATE_FIELDS, typed), state, ...publishAt && { publishAt } });
        if (typed.author.trim()) this.desk.drafts.write(`${this.story}/author`, { author: typed.author });
        fill(this.form.above);
        this.form.isLocked = true;
        await this.copy.end();
        await this.follow(this.desk.outbox.send({
            once: this.intent.once, path: `/stories/${this.story}/updates`, body, slot: this.slot,
            label: `${verb} “${labelOf(typed)}”`,
            previous: this.intent.sent.filter(sent => sent !== body),
        }));
    }

    /** @param {Promise<Answer>} promise */
    async follow(promise) {
        this.form.isLocked = true;
        this.showProgress();
        try {
            const answer = await promise;
            this.form.isLocked = false;
            this.schedule.toggle(false);
            this.restore();
            // Unless the focus has moved elsewhere in the meantime.
            const at = document.activeElement;
            if (at === document.body || this.node.contains(at)) this.focus();
            this.onSaved(answer);
        } catch (failure) {
            this.form.isLocked = false;
            this.form.tell("");
            this.fail(failure);
        }
    }

    /** @param {Failure} failure */
    fail(failure) {
        if (failure instanceof SignedOut) return;
        if (!this.node.isConnected) return this.desk.sayFailure(failure);
        const discarding = button(phrase("discard"), () => this.discard(), { class: "quiet" });
        if (failure instanceof Stopped) {
            this.intent.sent = this.desk.drafts.read(this.slot)?.sent ?? [];
            this.form.above.append(notice(phrase("stoppedPublish"), discarding));
        } else if (failure.kind === "idempotency-key-reused") {
            this.form.above.append(notice(phrase("publishedBefore"),
                button(phrase("publishAsNew"), () => this.sendAnew()), discarding));
        } else if (failure.kind === "taken-down") {
            this.restore();
            this.form.above.append(notice(phrase("publishedAndTakenDown")));
        } else {
            this.form.showFailure(failure);
            this.schedule.showFaults(failure.errors ?? []);
        }
        // The button that was pressed has lost the focus while it was disabled.
        if (document.activeElement === document.body) {
            focusOnElement(this.form.above.querySelector(".notice button") ?? this.form.fields.input("body"));
        }
    }

    sendAnew() {
        this.renew();
        this.send("published");
    }

    showProgress() {
        const delivery = this.desk.outbox.of(this.slot);
        if (!delivery) return this.form.tell("");
        this.form.tell(delivery.trouble ? troubleText(delivery.trouble) : phrase("saving"));
    }
}
