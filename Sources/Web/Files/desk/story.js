// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The view of one story: header, tabs and the current part.
import { make } from "../shared/dom.js";
import { Refusal, SignedOut } from "./api.js";
import { phrase } from "./phrases.js";
import { StoryFormPart } from "./story-form.js";
import { BinPart } from "./bin.js";
import { resolveConflict } from "./conflict.js";
import { button, fill, freshId, moreButton } from "./elements.js";
import { showEmbedDialog } from "./embed-dialog.js";
import { HandoverNote } from "./handover.js";
import { showStoryPage } from "./page-frame.js";
import { LinksPart } from "./links.js";
import { NewsSignal } from "./news-signal.js";
import { Stopped } from "./retry.js";
import { fragmentOf } from "./route.js";
import { saveChange } from "./save.js";
import { AuditTrailPart } from "./audit-trail.js";
import { UpdatesPart } from "./updates.js";
import { askStatus } from "./status-dialog.js";
import { exportStory } from "./story-export.js";
import { undoStoryButton } from "./undo.js";
import { STORY_FIELDS, typedMembers } from "./values.js";
import { statusLabel } from "./labels.js";
import { Watch } from "./watch.js";

/** @type {Record<string, string>} */
const STORY_PARTS = {
    updates: phrase("updates"), about: phrase("storyPart"), links: phrase("linksPart"), bin: phrase("binPart"),
    trail: phrase("trailPart"),
};

/** The view of a story; follows it with a `Watch`. */
export class StoryView {
    /**
     * @param {Desk} desk
     * @param {Route} route
     */
    constructor(desk, route) {
        const { id = "", part = "updates" } = route;
        this.desk = desk;
        this.id = id;
        this.route = route;
        this.partName = part;
        /** @type {StoryPart|null} */
        this.part = null;
        this.shownHead = "";
        this.title = make("h1", { tabindex: "-1", dir: "auto" }, phrase("storyPart"));
        this.status = make("p", { class: "status" });
        this.actions = make("div", { class: "actions", id: freshId("actions") });
        // On phones, where the actions are folded.
        this.more = moreButton(this.actions);
        this.tabs = make("nav", { class: "tabs", "aria-label": phrase("storyParts") }, ...this.tabNodes());
        this.showTabs();
        this.news = new NewsSignal({ settings: desk.settings });
        this.note = new HandoverNote(desk, id, work => this.hold(work));
        this.place = make("div", {}, make("p", { class: "nothing" }, phrase("reading")));
        this.node = make("div", { class: "story" },
            make("header", { class: "story-head" },
                make("nav", { class: "back", "aria-label": phrase("breadcrumb") },
                    make("a", { href: "#/", "aria-label": phrase("allStories") },
                        make("span", {}, phrase("allStories")))),
                make("div", { class: "story-title" }, this.title, this.status), this.more, this.actions,
                this.note.node, this.tabs),
            this.place);
        this.watch = new Watch({
            api: desk.api, story: id,
            onChange: changes => this.changed(changes),
            onState: trouble => desk.showConnection(trouble),
            onGone: () => this.gone(),
        });
    }

    close() {
        this.news.close();
        this.note.close();
        this.watch.close();
        this.part?.close();
        this.desk.showConnection(null);
    }

    get name() {
        return this.watch.isRead ? this.watch.feed.story.title : phrase("storyPart");
    }

    // In a story that was just created, its first update is written.
    focus() {
        if (this.desk.begun !== this.id) this.title.focus();
        else if (this.watch.isRead) this.focusText();
    }

    focusText() {
        this.desk.begun = null;
        if (this.part?.focusText) this.part.focusText();
        else this.title.focus();
    }

    /**
     * Shows another part, or another place in it.
     * @param {Route} route
     */
    go(route) {
        const { part = "updates" } = route;
        const isSame = part === this.partName && this.part?.go;
        this.partName = part;
        this.route = route;
        if (isSame) this.part?.go?.(route);
        else if (this.watch.isRead) this.showPart();
    }

    /** The id of the story, for a search in it. */
    get storyId() {
        return this.id;
    }

    /** The updates that are loaded. */
    updates() {
        return this.watch.isRead ? [...this.watch.drafts, ...this.watch.feed.updates] : [];
    }

    /**
     * Goes to an update.
     * @param {string} update Id.
     */
    showUpdate(update) {
        this.desk.go({ view: "story", id: this.id, update });
    }

    /**
     * Does what a shortcut stands for; returns whether it was for this view.
     * @param {import("./shortcuts.js").Shortcut} shortcut
     */
    press(shortcut) {
        return this.part?.press?.(shortcut) ?? false;
    }

    /** Leaves what is open in the part; returns whether something was. */
    leave() {
        return this.part?.leave?.() ?? false;
    }

    commands() {
        if (!this.watch.isRead) return [];
        const { story } = this.watch.feed;
        const tabs = this.partNames().filter(part => part !== this.partName).map(part => ({
            label: phrase("partOfStory", { part: STORY_PARTS[part] }),
            run: () => this.desk.go({ view: "story", id: this.id, part }),
        }));
        const writing = this.part?.commands?.() ?? [{
            label: phrase("newUpdate"), run: () => this.desk.go({ view: "story", id: this.id }),
        }];
        const note = { label: phrase("noteForColleagues"), run: () => this.note.edit() };
        const statuses = this.statusChanges(story).map(([label, to]) =>
            ({ label: phrase("statusOfStory", { action: label }), run: () => this.setStatus(to) }));
        return [...writing, note, ...statuses, ...tabs];
    }

    /** @param {Change[]} changes */
    changed(changes) {
        if (!this.part) {
            this.news.know(this.updates());
            this.showHead();
            this.showPart();
            if (this.desk.begun === this.id) this.focusText();
            return;
        }
        this.news.note(changes, id => this.watch.isOwn(id));
        this.hold(() => this.showHead());
        this.part.changed(changes);
    }

    /**
     * Runs a layout change that may move rows in use; see `HeldRegion`.
     * @param {() => void} work
     */
    hold(work) {
        if (this.part?.held) this.part.held.region.hold(work);
        else work();
    }

    gone() {
        this.part?.close();
        /** @type {StoryPart|null} */
        this.part = null;
        this.shownHead = "";
        this.note.close();
        for (const place of [this.actions, this.tabs, this.note.node]) fill(place);
        this.note.node.hidden = true;
        fill(this.place, make("p", {}, phrase("noSuchStory")));
    }

    showPart() {
        this.part?.close();
        /** @type {Record<string, new (desk: Desk, watch: Watch, route: Route) => StoryPart>} */
        const parts = {
            updates: UpdatesPart, about: StoryFormPart, links: LinksPart, bin: BinPart, trail: AuditTrailPart,
        };
        this.part = new parts[this.partName](this.desk, this.watch, this.route);
        fill(this.place, this.part.node);
        this.showTabs();
    }

    // --- header ---

    showHead() {
        const { story } = this.watch.feed;
        const form = JSON.stringify([story.title, story.status, story.slug]);
        if (form === this.shownHead) return;
        this.shownHead = form;
        fill(this.title, story.title);
        this.news.title = phrase("pageTitle", { name: story.title });
        this.status.className = `status ${story.status}`;
        fill(this.status, statusLabel(story.status));
        const hadFocus = this.actions.contains(document.activeElement);
        fill(this.actions, ...this.actionNodes(story));
        if (hadFocus) this.actions.querySelector("button")?.focus();
    }

    showTabs() {
        for (const tab of this.tabs.children) {
            if (tab.getAttribute("data-part") === this.partName) tab.setAttribute("aria-current", "page");
            else tab.removeAttribute("aria-current");
        }
    }

    partNames() {
        const { isAdmin, isUnbound } = this.desk.session;
        return Object.keys(STORY_PARTS).filter(part => part !== "trail" || (isAdmin && isUnbound));
    }

    tabNodes() {
        return this.partNames().map(part => make("a", {
            href: fragmentOf({ view: "story", id: this.id, part }), "data-part": part,
        }, STORY_PARTS[part]));
    }

    /** @param {Story} options */
    actionNodes({ status, slug }) {
        /** @param {string} text @param {StoryStatus} to */
        const set = (text, to) => button(text, () => this.setStatus(to), { class: "quiet" });
        const page = { class: "button quiet", href: `/live/${slug}`, target: "_blank", rel: "noopener" };
        return [
            ...this.statusChanges({ status }).map(([label, to]) => set(phrase("withMore", { action: label }), to)),
            status === "draft"
                ? button(phrase("previewMore"), () => showStoryPage(this.desk, { id: this.id, slug }),
                    { class: "quiet" })
                : make("a", page, phrase("readersPage")),
            status !== "draft" && button(phrase("embedMore"), () => this.showEmbed(), { class: "quiet" }),
            button(phrase("export"), () => exportStory(this.desk, { id: this.id, slug }), { class: "quiet" }),
            this.note.opener,
        ].filter(Boolean);
    }

    async showEmbed() {
        try {
            await showEmbedDialog(this.desk, this.watch.feed.story);
        } catch (failure) {
            if (!(failure instanceof SignedOut)) this.desk.sayFailure(failure);
        }
    }

    /**
     * The changes of status that a press offers.
     * @param {Pick<Story, "status">} story
     * @returns {[string, StoryStatus][]}
     */
    statusChanges({ status }) {
        /** @type {Record<StoryStatus, [string, StoryStatus]>} */
        const changes = {
            draft: [phrase("goLive"), "live"], live: [phrase("closeStoryShort"), "closed"],
            closed: [phrase("reopen"), "live"],
        };
        return [changes[status]];
    }

    /**
     * Changes the status, once the editor has answered what that takes.
     * @param {StoryStatus} status
     */
    async setStatus(status) {
        const changed = await askStatus(this.watch.feed.story, status);
        if (!changed) return;
        try {
            const path = `/stories/${this.id}`;
            const { value, tag } = await this.desk.api.ask("GET", path);
            const saved = await saveChange({
                base: value, tag, fields: STORY_FIELDS,
                typed: { ...typedMembers(STORY_FIELDS, value), ...typedChange(changed) },
                send: (patch, match) => this.desk.persist(phrase("statusIs", { status: statusLabel(status) }),
                    () => this.desk.api.patch(path, patch, match)),
                resolve: (base, mine, theirs) => resolveConflict(STORY_FIELDS, base, mine, theirs),
            });
            if (saved.state !== "open") this.sayStatus(value, status);
            this.watch.poke();
        } catch (failure) {
            if (failure instanceof SignedOut || failure instanceof Stopped) return;
            this.desk.sayFailure(failure);
            if (failure instanceof Refusal && failure.status === 404) this.watch.poke();
        }
    }

    /**
     * Tells that the status was changed, and offers to undo it where readers have had the story before and after.
     * @param {Story} before
     * @param {StoryStatus} status
     */
    sayStatus({ status: former, ending, title }, status) {
        const undo = undoStoryButton(this.desk, this.id, title, {
            patch: { status: former, ending: ending ?? null }, isStill: story => story.status === status,
            onUndone: () => this.watch.poke(),
        });
        this.desk.say(phrase("statusSaid." + status), ...former === "draft" ? [] : [undo]);
    }
}

/** @param {{status: StoryStatus, ending?: string|null}} changed */
function typedChange({ status, ending }) {
    return ending === undefined ? { status } : { status, ending: ending ?? "" };
}
