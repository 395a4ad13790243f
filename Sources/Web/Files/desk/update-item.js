// SPDX-License-Identifier: Apache-2.0
// @ts-check
// One update in the list, with its actions.
import { WRITTEN, make, named } from "../shared/dom.js";
import { SignedOut } from "./api.js";
import { changeUpdate, deleteUpdate, restoreButton, strikeUpdate, takeDownUpdate } from "./actions.js";
import { unstrikeUpdate } from "./actions.js";
import { confirmed } from "./dialogs.js";
import { button, fill, freshId, outwardLink, showRendered } from "./elements.js";
import { timeElement } from "./elements.js";
import { UpdateEditor } from "./editor.js";
import { publicOrigin } from "./embed-dialog.js";
import { showDraftPage } from "./page-frame.js";
import { askStory, moveAndTell } from "./move-dialog.js";
import { phrase, phraseListParts, phraseParts } from "./phrases.js";
import { isOwnPicture, thumbnailOf } from "./picture-files.js";
import { showHistory } from "./history.js";
import { Stopped } from "./retry.js";
import { undoAction, undoButton } from "./undo.js";
import { fragmentOf } from "./route.js";
import { conditionText } from "./search-query.js";
import { typedMembers, UPDATE_FIELDS, valuesFrom } from "./values.js";
import { deleteMessage, reachMessage, savedMessage, labelOf } from "./labels.js";

/** The list item of an update: its rendition and actions, or its editor. */
export class UpdateItem {
    #shown = "";
    /** @type {UpdateEditor|null} */
    #editor = null;

    /**
     * @param {Desk} desk
     * @param {Watch} watch Follows the story.
     * @param {EditorUpdate} update
     * @param {(update: EditorUpdate|null) => void} onChanged Receives the current update; null once it is removed.
     * @param {{isSelected: (id: string) => boolean, onSelect: (id: string, isOn: boolean, isRange: boolean) => void}}
     *   selecting `isRange`: with the shift key.
     */
    constructor(desk, watch, update, onChanged, selecting) {
        this.desk = desk;
        this.watch = watch;
        this.id = update.id;
        this.onChanged = onChanged;
        this.selecting = selecting;
        this.selected = make("input", { type: "checkbox", class: "select", click: event => {
            const isRange = event instanceof MouseEvent && event.shiftKey;
            selecting.onSelect(update.id, this.selected.checked, isRange);
        } });
        this.path = `/stories/${this.story.id}/updates/${update.id}`;
        this.body = make("div", { class: "item" });
        this.node = make("article", { "data-id": update.id, tabindex: "-1" }, this.body);
        this.update = update;
        this.moreActions = make("div", { hidden: true });
        this.show(update);
    }

    /**
     * Shows a newer state of the update; leaves an open editor alone.
     * @param {EditorUpdate} update
     */
    show(update) {
        const form = JSON.stringify(update);
        if (form === this.#shown) return;
        this.#shown = form;
        this.update = update;
        this.node.className = `update ${update.state ?? "published"}${update.stricken ? " stricken" : ""}`;
        this.node.setAttribute("aria-label", labelOf(update));
        this.selected.setAttribute("aria-label", phrase("selectUpdate", { title: labelOf(update) }));
        this.showSelected();
        if (!this.#editor) this.showUpdate();
    }

    /** Shows whether it is selected. */
    showSelected() {
        this.selected.checked = this.selecting.isSelected(this.id);
    }

    get story() {
        return this.watch.feed.story;
    }

    get isEdited() {
        return this.#editor !== null;
    }

    get slot() {
        return `${this.story.id}/update/${this.id}`;
    }

    close() {
        this.#editor?.close();
    }

    // --- rendering ---

    showUpdate() {
        const { update } = this;
        const isSelecting = document.activeElement === this.selected;
        const focused = this.body.contains(document.activeElement) ? document.activeElement?.textContent : null;
        const isFolded = this.moreActions.hidden;
        const text = make("div", { class: "body" });
        showRendered(text, update.bodyHtml);
        fill(this.body,
            make("header", {}, this.selected, this.whenNode(),
                ...this.marks(),
                update.title && make("h3", WRITTEN, update.title)),
            update.stricken
                && make("p", { class: "retraction" }, ...retractionParts(update.stricken.reason)),
            text, this.picturesNode(), this.metaNode(), ...this.actionNodes(isFolded));
        if (isSelecting) this.selected.focus({ preventScroll: true });
        else if (typeof focused === "string") this.focusAction(focused);
    }

    whenNode() {
        const { publishedAt, publishAt, modifiedAt, state } = this.update;
        if (state === "scheduled") {
            const time = timeElement(publishAt ?? null);
            return make("span", { class: "when" }, ...phraseParts("scheduledTime", { time }));
        }
        if (state === "draft") {
            return make("span", { class: "when" }, ...phraseParts("written", { time: timeElement(modifiedAt) }));
        }
        const href = `/live/${this.story.slug}/${this.id}`;
        return make("a", { class: "when", href, target: "_blank", rel: "noopener" }, timeElement(publishedAt));
    }

    marks() {
        const { state, pinned, keyEvent, edited } = this.update;
        /** @param {string} kind @param {string} text */
        const mark = (kind, text) => make("span", { class: `mark ${kind}` }, text);
        return [
            state === "draft" && mark("draft", phrase("draft")), pinned && mark("pinned", phrase("pinned")),
            keyEvent && mark("key event", phrase("keyEvent")), edited && mark("edited", phrase("edited")),
        ];
    }

    // The pictures that were uploaded; from elsewhere none is loaded here.
    picturesNode() {
        const pictures = this.update.media.filter(({ type, url }) => type === "image" && isOwnPicture(url));
        return pictures.length > 0 && make("div", { class: "pictures" }, pictures.map(({ alt, ...medium }) =>
            make("img", { src: thumbnailOf(medium), alt: alt ?? "", loading: "lazy" })));
    }

    metaNode() {
        const { author, tags, sources, media, occurredAt } = this.update;
        const parts = [
            author && phraseParts("byline", { name: this.findLink("author", author) }),
            occurredAt && phraseParts("happened", { time: timeElement(occurredAt) }),
            tags.length > 0 && phraseParts("tagsOf", { names: listed(tags.map(tag => this.findLink("tag", tag))) }),
            sources.length > 0 && phraseParts("sources", {
                names: listed(sources.map(source => named(outwardLink(source.url, source.name)))),
            }),
            media.length > 0 && phraseParts("mediaOf", { names: listed(media.map(medium =>
                [named(outwardLink(medium.url, medium.caption || medium.alt || phrase("medium." + medium.type))),
                    ...medium.credit ? [" · ", named(medium.credit)] : []])) }),
        ].flatMap(part => part ? [make("li", {}, part)] : []);
        return parts.length > 0 && make("ul", { class: "meta" }, parts);
    }

    // A link to the updates of the story by an author, or with a tag.
    /** @param {"author"|"tag"} name @param {string} value */
    findLink(name, value) {
        const query = conditionText(name, value);
        return make("a", { href: fragmentOf({ view: "story", id: this.story.id, query }) }, named(value));
    }

    // --- actions ---

    /** Pins the update, or unpins it. */
    pin() {
        const { pinned, state = "published" } = this.update;
        if (state !== "published") return this.desk.say(phrase("onlyPublishedPinned"));
        const action = pinned ? phrase("unpin") : phrase("pin");
        return this.attempt(this.node, () => this.change({ pinned: !pinned }, action));
    }

    /** @param {boolean} isFolded */
    actionNodes(isFolded) {
        const { state = "published", pinned, keyEvent, stricken } = this.update;
        const isPublished = state === "published";
        const pinning = pinned ? phrase("unpin") : phrase("pin");
        const id = freshId("more");
        this.moreActions = make("div", { class: "actions", id, hidden: isFolded },
            ...isPublished ? [
                this.story.status !== "draft" && this.action(phrase("copyLink"), () => this.copyLink()),
                this.action(stricken ? phrase("changeReason") : phrase("retractMore"), () => this.strike()),
                stricken && this.action(phrase("takeRetractionBack"), () => this.unstrike()),
                this.action(phrase("backToDraftMore"), () => this.unpublish()),
            ] : [],
            this.action(phrase("moveMore"), () => this.move()),
            this.action(phrase("history"), () => showHistory(this.desk, this.story.id, this.update)),
            this.action(phrase("deleteMore"), () => this.remove()),
            this.action(phrase("takeDownMore"), () => this.takeDown(), "grave"));
        const more = button(phrase("more"), () => {
            this.moreActions.hidden = !this.moreActions.hidden;
            more.setAttribute("aria-expanded", String(!this.moreActions.hidden));
        }, {
            "aria-expanded": String(!isFolded), "aria-controls": id, class: "quiet",
            "aria-label": phrase("about", { action: phrase("more"), title: labelOf(this.update) }),
        });
        return [make("div", { class: "actions" },
            this.action(phrase("edit"), () => this.edit()),
            ...isPublished ? [
                this.action(pinning, () => this.change({ pinned: !pinned }, pinning)),
                this.action(keyEvent ? phrase("notKeyEvent") : phrase("keyEvent"),
                    () => this.change({ keyEvent: !keyEvent },
                        keyEvent ? phrase("takeMarkOff") : phrase("markAsKeyEvent"))),
            ] : [
                this.action(phrase("publish"), () => this.change({ state: "published" }, phrase("publish"))),
                this.action(phrase("previewMore"), () => this.preview()),
                state === "scheduled"
                    && this.action(phrase("backToDraft"), () => this.change({ state: "draft" }, phrase("backToDraft"))),
            ], more), this.moreActions];
    }

    /** @param {string} text @param {() => unknown} act @param {string} [look] */
    action(text, act, look = "") {
        const node = button(text, () => this.attempt(node, act),
            { class: `quiet ${look}`, "aria-label": phrase("about", { action: text, title: labelOf(this.update) }) });
        return node;
    }

    /** @param {HTMLElement} node @param {() => unknown} act */
    async attempt(node, act) {
        if (node.getAttribute("aria-disabled")) return;
        node.setAttribute("aria-disabled", "true");
        try {
            await act();
        } catch (failure) {
            if (!(failure instanceof SignedOut) && !(failure instanceof Stopped)) this.desk.sayFailure(failure);
        } finally {
            node.removeAttribute("aria-disabled");
        }
    }

    // Focuses the button with a label; if the label has changed, the first button.
    /** @param {string} text */
    focusAction(text) {
        const again = [...this.node.querySelectorAll("button")].find(node => node.textContent === text);
        (again ?? this.node.querySelector("button"))?.focus({ preventScroll: true });
    }

    /** @param {Thing} patch @param {string} action */
    async change(patch, action) {
        const answer = await changeUpdate(this.desk, this.path, this.update, patch, action);
        if (!answer) return;
        this.changed(changeMessage(patch, answer.value), answer.before, answer);
    }

    /**
     * Tells that the update was changed, and offers to undo it.
     * @param {string} words @param {EditorUpdate} before @param {Pick<Answer, "value"|"tag">} answer
     */
    changed(words, before, answer) {
        this.desk.sayOf(answer.value, words,
            undoButton(this.desk, this.path, before, answer, update => this.onChanged(update)));
        this.onChanged(answer.value);
    }

    async copyLink() {
        const address = `${await publicOrigin(this.desk, this.story.id)}/live/${this.story.slug}/${this.id}`;
        const isCopied = await navigator.clipboard?.writeText(address).then(() => true, () => false);
        this.desk.say(isCopied ? phrase("copied") : address);
    }

    preview() {
        const values = valuesFrom(UPDATE_FIELDS, typedMembers(UPDATE_FIELDS, this.update));
        return showDraftPage(this.desk, this.story.id, this.id, values);
    }

    async strike() {
        const isFirst = !this.update.stricken;
        const update = await strikeUpdate(this.desk, this.story, this.update);
        if (!update) return;
        this.onChanged(update);
        if (!isFirst) return;
        this.desk.sayOf(update, phrase("retractedSaid"),
            undoAction(this.desk, labelOf(update), () => this.unstrike()));
    }

    async unstrike() {
        const answer = await unstrikeUpdate(this.desk, this.path, this.update);
        if (!answer) return;
        this.desk.sayOf(answer.value, phrase("retractionIsTakenBack"));
        this.onChanged(answer.value);
    }

    async unpublish() {
        const isMeant = await confirmed(phrase("takeBackQuestion"),
            phrase("takeBackText", { reach: reachMessage(this.story.status) }),
            phrase("takeBack"));
        if (isMeant) await this.change({ state: "draft" }, phrase("takeBack"));
    }

    async remove() {
        const isMeant = await confirmed(phrase("deleteQuestion"),
            deleteMessage(this.update, this.story.status), phrase("delete"), { isGrave: true });
        if (!isMeant || !await deleteUpdate(this.desk, this.path, this.update)) return;
        this.desk.drafts.forgetUpdate(this.story.id, this.id);
        this.desk.sayOf(this.update, phrase("deleted"),
            restoreButton(this.desk, this.story.id, this.update, update => this.onChanged(update)));
        this.onChanged(null);
    }

    async move() {
        const to = await askStory(this.desk, this.story.id, 1);
        if (!to) return;
        await moveAndTell(this.desk, this.story.id, [this.id], { to }, {
            onGone: () => this.onChanged(null),
            onBack: async () => this.onChanged((await this.desk.api.ask("GET", this.path)).value),
        });
    }

    async takeDown() {
        if (await takeDownUpdate(this.desk, this.story, this.update)) this.onChanged(null);
    }

    // --- editing ---

    /** Opens the editor. `isWanted`: moves the focus into it. */
    async edit(isWanted = true) {
        if (this.#editor) return;
        const editor = new UpdateEditor(this.desk, this.story.id, this.id, {
            onSaved: (answer, before) => {
                const words = answer.value.state === this.update.state ? phrase("saved") : savedMessage(answer.value);
                this.leaveEditor();
                this.changed(words, before, answer);
            },
            onClose: () => this.leaveEditor(),
        }, () => this.watch.feed.updates);
        this.#editor = editor;
        fill(this.body, editor.node);
        await editor.open(isWanted);
    }

    tellGone() {
        this.#editor?.tellGone();
    }

    leaveEditor() {
        if (!this.#editor) return;
        this.#editor.close();
        this.#editor = null;
        this.showUpdate();
        this.focusAction(phrase("edit"));
    }
}

/** @param {Thing} patch Of one press. @param {EditorUpdate} update */
function changeMessage(patch, update) {
    if ("pinned" in patch) return update.pinned ? phrase("pinnedSaid") : phrase("unpinnedSaid");
    if ("keyEvent" in patch) return update.keyEvent ? phrase("markedSaid") : phrase("unmarkedSaid");
    return savedMessage(update);
}

/** @param {Content[]} nodes @returns {Content} */
function listed(nodes) {
    return phraseListParts(nodes);
}

/** @param {string} reason */
function retractionParts(reason) {
    const [label, ...rest] = phraseParts("retractedBecause", { reason: named(reason) });
    return [make("strong", {}, label), ...rest];
}
