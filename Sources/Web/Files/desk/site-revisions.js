// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The former settings of the site.
import { make } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button, fill, timeElement } from "./elements.js";
import { mainButton } from "./form-parts.js";
import { differences } from "./merge.js";
import { phrase, phraseList } from "./phrases.js";
import { SITE_FIELDS } from "./site-fields.js";

/**
 * Shows the revisions of the settings; one can be chosen to be restored.
 * @param {Desk} desk
 * @returns {Promise<Thing|null>} The settings of the one that was chosen.
 */
export function chooseRevision(desk) {
    const place = make("div", { "aria-live": "polite" }, make("p", {}, phrase("reading")));
    return openDialog(phrase("formerSettingsTitle"), [place], close => {
        desk.api.ask("GET", "/site/revisions").then(({ value }) => {
            const items = revisionItems(value.revisions, settings => close(settings));
            fill(place, items.length ? make("ol", { class: "versions", reversed: true }, ...items)
                : make("p", {}, phrase("nothingSavedYet")));
        }).catch(failure => fill(place, make("p", { class: "fault" }, failure.message)));
        return [mainButton(phrase("done"), () => close(null))];
    }, { isWide: true });
}

/**
 * @param {SiteRevision[]} revisions Latest first.
 * @param {(settings: Thing) => void} onChosen
 */
function revisionItems(revisions, onChosen) {
    return revisions.map((revision, index) => {
        const before = revisions[index + 1]?.settings ?? {};
        const changed = differences(SITE_FIELDS, null, before, revision.settings).map(({ field }) => field.label);
        return make("li", {},
            make("p", { class: "when" }, timeElement(revision.at), ` ${revision.name}`),
            make("p", {}, changed.length ? phrase("changedFields", { fields: phraseList(changed) })
                : phrase("changedUnseen")),
            index === 0 ? make("p", { class: "hint" }, phrase("readersSeeThis"))
                : button(phrase("restore"), () => onChosen(revision.settings), { class: "quiet" }));
    });
}
