// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

// Shared with the server's tests (Tests/StoriesTests/WebAddressTests.swift).
const rows = JSON.parse(readFileSync(new URL("Support/addresses.json", import.meta.url)));

test("browsers accept every address that the server accepts", () => {
    for (const { url, fault, browser } of rows) {
        assert.equal(URL.canParse(url), browser, url);
        if (fault === null) assert.match(new URL(url).protocol, /^https?:$/, url);
    }
});
