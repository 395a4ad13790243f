// The server joins the modules of the desk into one script: these are the rules that make that safe.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Script } from "node:vm";

const FILES = new URL("../../Sources/Web/Files/", import.meta.url);
const DESK = readdirSync(new URL("desk/", FILES)).filter(name => name.endsWith(".js")).map(name => `desk/${name}`).sort();
const ENTRY = "desk/desk.js";
const MODULES = ["client/feed.js", "shared/scroll-anchor.js", ...DESK.filter(name => name !== ENTRY), ENTRY];
const TEXTS = new Map(MODULES.map(name => [name, readFileSync(new URL(name, FILES), "utf8")]));

const linesOf = text => text.split("\n");
const topLevelNames = text =>
    [...text.matchAll(/^(?:export )?(?:async )?(?:function\*?|class|const|let) (\w+)/gm)].map(match => match[1]);

test("No name stands at the top of two modules", () => {
    const seen = new Map();
    for (const [name, text] of TEXTS) {
        for (const found of topLevelNames(text)) {
            assert.ok(!seen.has(found), `${found} stands in ${seen.get(found)} and in ${name}`);
            seen.set(found, name);
        }
    }
});

test("Each import is one line, of names that the other module exports", () => {
    for (const [name, text] of TEXTS) {
        for (const line of linesOf(text).filter(found => found.startsWith("import "))) {
            const [, names, specifier] = line.match(/^import \{ ([\w, ]+) \} from "(\.\.?\/[\w/-]+\.js)";$/) ?? [];
            assert.ok(names, `${name}: ${line}`);
            const from = new URL(specifier, `file:///${name}`).pathname.slice(1);
            assert.ok(TEXTS.has(from), `${name} takes something from ${from}, which is not of the desk`);
            for (const one of names.split(", ")) {
                assert.match(TEXTS.get(from), new RegExp(`^export (?:async )?(?:function|class|const) ${one}\\b`, "m"));
            }
        }
    }
});

test("Exports are named where they stand", () => {
    for (const [name, text] of TEXTS) {
        for (const line of linesOf(text).filter(found => found.startsWith("export "))) {
            assert.match(line, /^export (?:async )?(?:function|class|const) \w+/, name);
        }
    }
});

test("Joined in any order of names, it is a script", () => {
    const joined = [...TEXTS.values()].flatMap(linesOf).filter(line => !line.startsWith("import "))
        .map(line => line.replace(/^export /, "")).join("\n");
    new Script(`(() => {\n"use strict";\n${joined}\n})();`);
});

test("At the top of a module nothing of another is used, so that their order is free", () => {
    for (const [name, text] of TEXTS) {
        // The last one may: all others stand before it.
        if (name === ENTRY) continue;
        const imported = [...text.matchAll(/^import \{ ([\w, ]+) \}/gm)].flatMap(match => match[1].split(", "));
        for (const line of linesOf(text).filter(found => /^(?:export )?(?:const|let|class) /.test(found))) {
            const atOnce = line.split("=>")[0];
            for (const one of imported) assert.ok(!new RegExp(`\\b${one}\\b`).test(atOnce), `${name}: ${line}`);
        }
    }
});

test("Markup comes from nowhere but the server's renderer, and nothing is made from text", () => {
    const dangers =
        /\.(?:innerHTML|outerHTML|insertAdjacentHTML|srcdoc)\b[^\n]*|\beval\(|new Function|document\.write/g;
    for (const [name, text] of TEXTS) {
        const found = text.match(dangers) ?? [];
        const allowed = name === "desk/dom.js" ? [".innerHTML = bodyHtml;"] : [];
        assert.deepEqual(found, allowed, name);
    }
});

test("The key is written to nothing that stays", () => {
    for (const [name, text] of TEXTS) {
        if (name === ENTRY) continue;
        assert.ok(!/\b(?:localStorage|sessionStorage)\b/.test(text), name);
    }
    assert.match(TEXTS.get(ENTRY), /new DeskSession\(storageOf\(\(\) => sessionStorage\)\)/);
});

test("Files stay below 400 lines, and lines at 120 characters", () => {
    for (const [name, text] of TEXTS) {
        if (name === "client/feed.js") continue;
        assert.ok(linesOf(text).length < 400, name);
        for (const line of linesOf(text)) assert.ok([...line].length <= 120, `${name}: ${line}`);
    }
});
