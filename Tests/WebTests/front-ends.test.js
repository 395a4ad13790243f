// The server joins a face's modules into one script, those that are imported first. These are the rules that make that
// safe, and what the faces may weigh.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { Script } from "node:vm";
import { gzipSync } from "node:zlib";

const faces = ["client/follower.js", "reader/live.js", "widget/embed.js"];
const kibibyte = 1024;
/** Gzipped. */
const mostBytes = {
    "widget/embed.js": 14 * kibibyte, "reader/live.js": 15 * kibibyte, "reader/live.css": 3.5 * kibibyte,
};

const read = name => readFileSync(new URL(`../../Sources/Web/Files/${name}`, import.meta.url), "utf8");
const isImport = line => line.startsWith("import ");
const importOf = line => line.match(/^import \{ ([\w, ]+) \} from "(\.\.?\/[\w/-]+\.js)";$/)?.slice(1);
/** What a module means by a name: `./feed.js` of `client/follower.js` is `client/feed.js`. */
const pathFrom = (importer, specifier) => new URL(specifier, `file:///${importer}`).pathname.slice(1);
const found = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);
const exportsOf = text => found(text, /^export (?:async )?(?:function|class|const) (\w+)/gm);
const namesOf = text => found(text, /^(?:export )?(?:async )?(?:function|class|const|let) (\w+)/gm);

/** The modules of a face, each behind those that it imports. */
function modulesOf(name, modules = []) {
    for (const [, from] of read(name).split("\n").filter(isImport).map(importOf)) modulesOf(pathFrom(name, from), modules);
    if (!modules.includes(name)) modules.push(name);
    return modules;
}

/** As the server does, with its comments and indentation left out. */
function joined(name) {
    const lines = modulesOf(name).flatMap(module => read(module).replace(/^ *\/\*\*[^]*?\*\/$/gm, "").split("\n"))
        .map(line => line.trim()).filter(line => line && !line.startsWith("//") && !isImport(line))
        .map(line => line.replace(/^export /, ""));
    return `(() => {\n"use strict";\n${lines.join("\n")}\n})();\n`;
}

for (const face of faces) {
    test(`${face}: imports are one line each, of what the other module exports`, () => {
        for (const name of modulesOf(face)) {
            for (const line of read(name).split("\n").filter(isImport)) {
                const [names, from] = importOf(line) ?? [];
                assert.ok(names, `${name}: ${line}`);
                for (const one of names.split(", ")) assert.ok(exportsOf(read(pathFrom(name, from))).includes(one), `${name}: ${one}`);
            }
        }
    });

    test(`${face}: no name stands at the top of two modules`, () => {
        const names = modulesOf(face).flatMap(name => namesOf(read(name)));
        assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
    });

    test(`${face}: joined it is a script`, () => {
        new Script(joined(face));
    });

    test(`${face}: HTML is made of nothing but bodies that the server has made safe`, () => {
        const dangers = /(?:innerHTML|outerHTML|insertAdjacentHTML|srcdoc|\beval\(|new Function|document\.write).*/g;
        const made = modulesOf(face).flatMap(name => read(name).match(dangers) ?? []);
        assert.deepEqual(made, face === "client/follower.js" ? [] : ["innerHTML = html;"]);
    });
}

test("the faces are light", () => {
    for (const [name, most] of Object.entries(mostBytes)) {
        const size = gzipSync(name.endsWith(".css") ? read(name) : joined(name), { level: 9 }).length;
        assert.ok(size < most, `${name} weighs ${size} of ${most} bytes`);
    }
});

test("files stay below 400 lines, and lines at 120 characters", () => {
    for (const name of ["reader/live.css", ...faces.flatMap(face => modulesOf(face))]) {
        const lines = read(name).split("\n");
        assert.ok(lines.length <= 400, `${name} has ${lines.length} lines`);
        for (const line of lines) assert.ok([...line].length <= 120, `${name}: ${line}`);
    }
});
