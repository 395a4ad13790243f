// SPDX-License-Identifier: Apache-2.0
// The scripts as served by a server started for the tests: only the server bundles them.
// The program is WIREROOM_BINARY, or the debug build.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const BUILT = fileURLToPath(new URL("../../../.build/debug/wireroom", import.meta.url));
const SCRIPTS = ["live", "extras", "bell", "front", "consent", "desk", "lightbox", "embedpage"].map(name => `/assets/${name}.0.js`);
/** "/" is the list of stories, with the style of all pages in it. */
const PATHS = ["/", "/client.js", "/client.d.ts", "/embed.js", "/embed-frame.js", "/cards.js", "/embed-live.js",
    "/push-worker.js", ...SCRIPTS];

/** Resolves to the server's address once it is ready. */
async function ready(server) {
    for await (const line of createInterface({ input: server.stdout })) {
        const [, address] = line.match(/ is ready at (\S+)/) ?? [];
        if (address) return address;
    }
    throw new Error("the server does not start");
}

async function readAll() {
    const folder = mkdtempSync(join(tmpdir(), "wireroom-web-"));
    const options = ["serve", "--host", "127.0.0.1", "--port", "0", "--database", join(folder, "web.db")];
    const server = spawn(process.env.WIREROOM_BINARY ?? BUILT, options, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise((resolve, reject) => server.once("exit", resolve).once("error", reject));
    try {
        const address = await Promise.race([ready(server), ended.then(() => Promise.reject(new Error("it ended")))]);
        const responses = await Promise.all(PATHS.map(path => fetch(address + path)));
        const texts = await Promise.all(responses.map(response => response.text()));
        return new Map(PATHS.map((path, index) => [path, { response: responses[index], text: texts[index] }]));
    } finally {
        server.kill();
        await ended;
        rmSync(folder, { recursive: true });
    }
}

/** `{response, text}` by path. */
export const served = await readAll();
