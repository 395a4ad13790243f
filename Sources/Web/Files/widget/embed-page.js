// SPDX-License-Identifier: Apache-2.0
// @ts-check

// In the page of a frame (/embed/{story}): tells the page around it how high it is, at each change and when it is
// asked by a message of the same type:
//
//     { type: "wireroom-height", height: 742 }
//
// The height is in CSS pixels, a whole number. It is no secret, so that any page may have it.

const TYPE = "wireroom-height";
const root = document.documentElement;

function tellHeight() {
    parent.postMessage({ type: TYPE, height: Math.ceil(root.getBoundingClientRect().height) }, "*");
}

if (parent !== self) {
    new ResizeObserver(tellHeight).observe(root);
    addEventListener("message", ({ data }) => {
        if (data?.type === TYPE) tellHeight();
    });
}
