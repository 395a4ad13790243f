// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Sends a file to `POST /media`, with progress, which `fetch` cannot tell.
import { Refusal, Unreached, refusalFrom } from "./api.js";
import { phrase } from "./phrases.js";

const MEDIA_PATH = "/media";
// Without any progress for so long, the connection is taken for lost; decoding a large picture takes some seconds.
const STALL_SECONDS = 60;

/**
 * Makes one attempt to upload a file.
 * @param {File} file
 * @param {{key: string|null, once: string, signal: AbortSignal, onProgress: (sent: number) => void,
 *   makeRequest?: () => XMLHttpRequest, stallSeconds?: number}} options `once`: the idempotency key; `onProgress`
 *   receives the part that is sent, from 0 to 1.
 * @returns {Promise<UploadedPicture>}
 * @throws {Refusal|Unreached}
 */
export async function sendPicture(file, { makeRequest = () => new XMLHttpRequest(), ...options }) {
    await mustBeReadable(file);
    options.signal.throwIfAborted();
    const request = makeRequest();
    const { status, text } = await answered(request, file, options);
    if (status >= 400) throw refusalFrom(status, text, name => request.getResponseHeader(name));
    const asset = assetIn(text);
    // Not an asset: a captive portal, for instance.
    if (!asset) throw new Unreached(phrase("otherAnswer"));
    return asset;
}

// A file that was changed or removed since it was chosen would look like a lost connection.
/** @param {File} file */
async function mustBeReadable(file) {
    try {
        await file.slice(0, 1).arrayBuffer();
    } catch {
        throw new Error(phrase("fileUnreadable"));
    }
}

/**
 * @param {XMLHttpRequest} request
 * @param {File} file
 * @param {{key: string|null, once: string, signal: AbortSignal, onProgress: (sent: number) => void,
 *   stallSeconds?: number}} options
 * @returns {Promise<{status: number, text: string}>}
 */
function answered(request, file, { key, once, signal, onProgress, stallSeconds = STALL_SECONDS }) {
    return new Promise((resolve, reject) => {
        let timer = 0;
        const abort = () => request.abort();
        const watch = () => {
            clearTimeout(timer);
            timer = Number(setTimeout(abort, stallSeconds * 1000));
        };
        request.open("POST", MEDIA_PATH);
        request.setRequestHeader("Accept", "application/json, application/problem+json");
        request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
        request.setRequestHeader("Idempotency-Key", once);
        if (key) request.setRequestHeader("Authorization", `Bearer ${key}`);
        request.upload.onprogress = ({ loaded, total }) => {
            watch();
            onProgress(total > 0 ? loaded / total : 0);
        };
        request.onload = () => resolve({ status: request.status, text: request.responseText });
        request.onerror = request.onabort = () =>
            reject(signal.aborted ? signal.reason : new Unreached(phrase("noAnswerCame")));
        request.onloadend = () => {
            clearTimeout(timer);
            signal.removeEventListener("abort", abort);
        };
        signal.addEventListener("abort", abort);
        watch();
        request.send(file);
    });
}

/**
 * @param {string} text
 * @returns {UploadedPicture|null}
 */
function assetIn(text) {
    try {
        const asset = JSON.parse(text);
        return typeof asset?.url === "string" ? asset : null;
    } catch {
        return null;
    }
}
