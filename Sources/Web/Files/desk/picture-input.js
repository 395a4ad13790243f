// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Pictures that are pasted into a form, or dropped onto it.
import { hasFiles, picturesIn } from "./picture-files.js";

/**
 * Has a form take pictures from the clipboard and from drops.
 * @param {HTMLElement} form
 * @param {import("./media-rows.js").MediaRows} list Where they are added.
 */
export function acceptPictures(form, list) {
    /** @param {boolean} isOver */
    const mark = isOver => form.classList.toggle("dropping", isOver);
    form.addEventListener("paste", event => {
        const files = picturesIn(event.clipboardData);
        if (files.length > 0 && isUsable(list)) take(event, list, files);
    });
    form.addEventListener("dragover", event => {
        if (!hasFiles(event.dataTransfer) || !isUsable(list)) return;
        event.preventDefault();
        mark(true);
    });
    form.addEventListener("dragleave", event => {
        // Also fired when the pointer enters an element within.
        if (!(event.relatedTarget instanceof Node && form.contains(event.relatedTarget))) mark(false);
    });
    form.addEventListener("drop", event => {
        mark(false);
        if (!hasFiles(event.dataTransfer) || !isUsable(list)) return;
        take(event, list, [...event.dataTransfer?.files ?? []]);
    });
}

/** Keeps files that are dropped beside a form from replacing the page. */
export function guardAgainstDrops() {
    for (const name of ["dragover", "drop"]) {
        document.addEventListener(name, event => {
            if (!(event instanceof DragEvent) || event.defaultPrevented || !hasFiles(event.dataTransfer)) return;
            event.preventDefault();
            if (event.dataTransfer) event.dataTransfer.dropEffect = "none";
        });
    }
}

/** @param {Event} event @param {import("./media-rows.js").MediaRows} list @param {File[]} files */
function take(event, list, files) {
    event.preventDefault();
    list.add(files);
}

// Not while the form is being sent.
/** @param {import("./media-rows.js").MediaRows} list */
function isUsable(list) {
    return !list.node.matches(":disabled");
}
