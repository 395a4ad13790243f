// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The former settings of the site.
import { make } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button, fill, timeElement } from "./elements.js";
import { mainButton } from "./form-parts.js";
import { differences } from "./merge.js";
import { SITE_FIELDS } from "./site-fields.js";

/**
 * Shows the revisions of the settings; one can be chosen to be restored.
 * @param {Desk} desk
 * @returns {Promise<Thing|null>} The settings of the one that was chosen.
 */
export function chooseRevision(desk) {
    const place = make("div", { "aria-live": "polite" }, make("p", {}, "Reading…"));
    return openDialog("Former settings", [place], close => {
        desk.api.ask("GET", "/site/revisions").then(({ value }) => {
            const items = revisionItems(value.revisions, settings => close(settings));
            fill(place, items.length ? make("ol", { class: "versions", reversed: true }, ...items)
                : make("p", {}, "Nothing was saved yet."));
        }).catch(failure => fill(place, make("p", { class: "fault" }, failure.message)));
        return [mainButton("Done", () => close(null))];
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
            make("p", {}, changed.length ? `Changed: ${changed.join(", ")}` : "Something that is not shown here"),
            index === 0 ? make("p", { class: "hint" }, "This is what readers see now.")
                : button("Restore", () => onChosen(revision.settings), { class: "quiet" }));
    });
}
