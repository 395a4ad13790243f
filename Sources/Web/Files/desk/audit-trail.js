// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The audit trail of a story, for admins: who did what, and what it changed.
import { WRITTEN, make } from "../shared/dom.js";
import { restoreButton } from "./actions.js";
import { labelled } from "./dialogs.js";
import { button, diffNodes, fill, freshId, timeElement } from "./elements.js";
import { showHistory } from "./history.js";
import { actionLabel, auditLabel, labelOf, movedStory } from "./labels.js";
import { shortTime } from "./local-times.js";
import { plainLine } from "./markdown-edit.js";
import { differences } from "./merge.js";
import { PagedPart } from "./paged-part.js";
import { phrase } from "./phrases.js";
import { fragmentOf } from "./route.js";
import { HeldRows } from "./stable-list.js";
import { cut, shortDiff } from "./trail-texts.js";
import { TrailUpdates } from "./trail-updates.js";
import { comparedLabels, UPDATE_FIELDS } from "./values.js";

const MOST_SHOWN = 160;
const ACTIONS = [
    "update.publish", "update.edit", "update.strike", "update.delete", "update.restored", "update.move",
    "update.takedown", "update.draft", "update.schedule", "update.unpublish", "story.edit", "links.replace",
    "note.write",
];

/**
 * The part of a story that shows its audit trail.
 * @extends {PagedPart<AuditEntry>}
 */
export class AuditTrailPart extends PagedPart {
    /** @type {Map<number, Row>} */
    #rows = new Map();
    /**
     * Names of those who are in the trail, by key.
     * @type {Map<string, string>}
     */
    #people = new Map();

    /** @param {Desk} desk @param {Watch} watch */
    constructor(desk, watch) {
        super(desk, watch, "entries");
        this.updates = new TrailUpdates(desk, watch, () => this.show(false));
        this.person = this.filterNode([["", phrase("everybody")]]);
        this.action = this.filterNode([["", phrase("everything")],
            ...ACTIONS.map(action => /** @type {[string, string]} */ ([action, actionLabel(action)]))]);
        this.rows = make("tbody", {});
        this.table = make("table", {}, make("thead", {}, make("tr", {},
            ...[phrase("trailWhen"), phrase("trailWho"), phrase("trailWhat"), phrase("trailOf")]
                .map(name => make("th", { scope: "col" }, name)))), this.rows);
        const scroll = make("div", {
            class: "scroll", tabindex: "0", role: "region", "aria-label": phrase("auditTrail"),
        }, this.table);
        this.held = new HeldRows(this.rows, scroll);
        this.nothing = make("p", { class: "nothing", hidden: true }, phrase("nothingMatches"));
        this.node = make("section", { class: "trail", "aria-labelledby": "trail-title" },
            make("div", { class: "list-head" },
                make("h2", { id: "trail-title" }, phrase("whoDidWhat")), this.held.news.node),
            make("div", { class: "filters" }, labelled(this.person.id, phrase("trailWho"), this.person),
                labelled(this.action.id, phrase("trailWhat"), this.action)),
            this.trouble, scroll, this.nothing, this.older);
        this.start(true);
    }

    get first() {
        const filters = Object.entries({ key: this.person.value, action: this.action.value })
            .flatMap(([name, value]) => value ? `&${name}=${encodeURIComponent(value)}` : []);
        return `/audit?story=${this.story}${filters.join("")}`;
    }

    /** @param {[string, string][]} options */
    filterNode(options) {
        return make("select", { id: freshId("filter"), change: () => this.start(true) }, ...options.map(optionNode));
    }

    close() {
        this.held.close();
        this.updates.close();
    }

    /** @param {Change[]} changes */
    changed(changes) {
        this.updates.forget(changes);
        this.start();
    }

    /** @param {boolean} isAsked */
    show(isAsked) {
        this.showPeople();
        this.nothing.hidden = this.items.length > 0;
        this.held.show(this.rowNodes(), isAsked);
    }

    showPeople() {
        for (const { key, name } of this.items) {
            if (this.#people.has(key)) continue;
            this.#people.set(key, name);
            this.person.append(optionNode([key, name]));
        }
    }

    /**
     * Shows the entries, and then what each of them did as it becomes known.
     * @param {string} address
     * @param {boolean} isAsked
     * @param {AuditEntry[]} [before]
     */
    async read(address, isAsked, before) {
        await super.read(address, isAsked, before);
        this.updates.read(this.items);
    }

    readMore() {
        return this.updates.readDeleted();
    }

    rowNodes() {
        /** @type {Set<string>} */
        const seen = new Set();
        return new Map(this.items.map(entry => {
            // Entries are newest first: only the latest deletion of an update can be undone.
            const isFirst = entry.action === "update.delete" && !seen.has(entry.update ?? "");
            if (isFirst) seen.add(entry.update ?? "");
            return [String(entry.number), this.rowNode(entry, isFirst)];
        }));
    }

    /** @param {AuditEntry} entry @param {boolean} isUndoable */
    rowNode(entry, isUndoable) {
        const deleted = isUndoable ? this.updates.deleted(entry.update) : null;
        const form = JSON.stringify([this.updates.get(entry), Boolean(deleted)]);
        const known = this.#rows.get(entry.number);
        if (known?.form === form) return known.node;
        const node = known?.node ?? make("tr", {});
        const undo = deleted && restoreButton(this.desk, this.story, deleted, update => {
            this.watch.take(update);
            this.start(true);
        });
        fill(node, make("td", {}, timeElement(entry.at)), make("td", {}, entry.name),
            make("td", {}, auditLabel(entry), this.changeNode(entry)),
            make("td", {}, this.valueNode(entry), this.historyNode(entry), undo && [" ", undo]));
        this.#rows.set(entry.number, { form, node });
        return node;
    }

    // What an entry changed: before and after, or how a new text begins.
    /** @param {AuditEntry} entry @returns {Content} */
    changeNode(entry) {
        const { text } = this.updates.get(entry);
        if (!text?.isExact) return null;
        const { version, before } = text;
        if (before && entry.action === "update.edit") {
            return differenceNode(before, version);
        }
        const isNew = ["update.publish", "update.draft", "update.schedule", "update.edit"].includes(entry.action);
        const words = version.body.trim().split("\n").map(plainLine).join("\n");
        return isNew && words !== labelOf(version)
            && make("p", { class: "excerpt", ...WRITTEN }, cut(words, MOST_SHOWN));
    }

    /** @param {AuditEntry} entry */
    valueLabel(entry) {
        const { text, update } = this.updates.get(entry);
        if (text) return labelOf(text.version);
        if (update === null) return phrase("updateGone");
        if (!update) return phrase("anUpdate");
        return phrase("updateOfTime", { time: shortTime(update.publishedAt ?? update.createdAt) });
    }

    // What an entry names, as a link to where it is now.
    /** @param {AuditEntry} entry @returns {Content} */
    valueNode(entry) {
        const id = entry.update;
        /** @param {Route} route @param {string} text */
        const link = (route, text) => make("a", { href: fragmentOf(route) }, text);
        if (!id) {
            const part = entry.action.startsWith("links.") ? "links" : entry.action === "story.edit" && "about";
            return part && link({ view: "story", id: this.story, part },
                part === "links" ? phrase("linksPart") : phrase("theStory"));
        }
        const [words, other] = [this.valueLabel(entry), movedStory(entry.detail)];
        const { update, story } = this.updates.get(entry);
        const toOther = other && [" · ", link({ view: "story", id: other }, phrase("theOtherStory"))];
        if (!update) return [words, toOther];
        const place = this.updates.deleted(id) ? { part: "bin" } : { update: id };
        return [link({ view: "story", id: story, ...place }, words), toOther];
    }

    // Leads to the version that an entry made, among all of the update.
    /** @param {AuditEntry} entry @returns {Content} */
    historyNode(entry) {
        const { text, update, story } = this.updates.get(entry);
        if (!text || !update) return null;
        const words = phrase("history");
        return [" ", button(words, () => showHistory(this.desk, story, update, text.version),
            { class: "quiet", "aria-label": phrase("about", { action: words, title: labelOf(text.version) }) })];
    }
}

// Flags are named by the entry itself.
/** @param {EditorUpdate} before @param {EditorUpdate} after */
function differenceNode(before, after) {
    const rows = differences(UPDATE_FIELDS, null, before, after).filter(({ field }) => field.kind !== "flag");
    return rows.length > 0 && make("dl", { class: "differences" }, ...rows.flatMap(({ field, mine, theirs }) => [
        make("dt", {}, field.label),
        make("dd", { class: "diff", ...WRITTEN },
            diffNodes(shortDiff(...comparedLabels(field, mine, theirs)))),
    ]));
}

/** @param {[string, string]} option */
function optionNode([value, text]) {
    return make("option", { value }, text);
}
