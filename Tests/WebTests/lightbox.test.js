// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";

globalThis.CSSStyleSheet = class {
    replaceSync() {}
};
const { withoutCopies } = await import("../../Sources/Web/Files/lightbox/lightbox.js");

test("a picture that is on the page twice is shown once", () => {
    const links = [..."AABCA"].map((href, number) => ({ href, number }));
    assert.deepEqual(withoutCopies(links).map(({ number }) => number), [0, 2, 3]);
    assert.deepEqual(withoutCopies([]), []);
});
