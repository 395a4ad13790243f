// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Preview of the reader's page in a frame.
import { make } from "../shared/dom.js";
import { SignedOut } from "./api.js";
import { openDialog } from "./dialogs.js";
import { button, fill } from "./elements.js";
import { mainButton } from "./form-parts.js";

// The id that the server's preview gives an update that has not been saved yet.
const NEW_UPDATE_ID = "00000000-0000-7000-8000-000000000000";
const FRAME_HINT = "Nothing on it can be pressed. Times are UTC here; readers get those of their own place.";

/**
 * Shows a story as its readers will see it, even while it is a draft.
 * @param {Desk} desk
 * @param {{ slug: string }} options
 */
export function showStoryPage(desk, { slug }) {
    return showPage(() => desk.api.ask("GET", `/live/${slug}`, { isPage: true }));
}

/**
 * Shows the page of a story with an unsaved version of an update on it.
 * @param {Desk} desk
 * @param {string} story Id.
 * @param {Thing} values The update's members, as in the API.
 * @param {string|null} id The update's id, if it has been saved before.
 * @returns {Promise<void>}
 * @throws {Refusal|Unreached} If the server does not render the page.
 */
export async function showUpdatePage(desk, story, values, id = null) {
    const path = `/stories/${story}/preview${id ? `?update=${id}` : ""}`;
    const page = await desk.api.ask("POST", path, { json: values, isPage: true });
    await showPage(async () => page, `#u-${id ?? NEW_UPDATE_ID}`);
}

/**
 * @param {() => Promise<Answer>} read Reads the HTML.
 * @param {string} fragment The URL fragment to scroll to.
 */
function showPage(read, fragment = "") {
    // Sandboxed: third-party content must not run scripts or reach the desk's key.
    const frame = make("iframe", { class: "page", sandbox: true, title: "The page" });
    const place = make("div", { class: "page-place" }, frame);
    const fault = make("p", { class: "fault", role: "alert" });
    const phone = button("As on a phone", () => {
        const isPhone = place.classList.toggle("phone");
        phone.setAttribute("aria-pressed", String(isPhone));
    }, { "aria-pressed": "false" });
    let url = "";
    Promise.resolve().then(read).then(({ value }) => {
        url = URL.createObjectURL(new Blob([stillPage(value)], { type: "text/html" }));
        frame.src = url + fragment;
    }).catch(failure => failure instanceof SignedOut || fill(fault, `No preview: ${failure.message}.`));
    return openDialog("As readers will see it", [place, fault, make("p", { class: "hint" }, FRAME_HINT)],
        close => [phone, mainButton("Done", () => close(true), { autofocus: true })], { isWide: true })
        .finally(() => url && URL.revokeObjectURL(url));
}

/**
 * Prepares a page for the frame: without scripts, which the sandbox would block with an error, and with absolute
 * addresses of its pictures, as the frame's own address has no origin.
 * @param {string} html As the server writes it: no attribute has a `>`.
 */
function stillPage(html) {
    const absolute = (/** @type {string} */ list) => list.replace(/(^|, )\/(?!\/)/g, `$1${location.origin}/`);
    return html.replace(/<script [^>]*src=[^>]*><\/script>/g, "").replace(/<(?:img|source) [^>]*>/g, tag =>
        tag.replace(/ (src|srcset)="([^"]*)"/g, (_, name, list) => ` ${name}="${absolute(list)}"`));
}
