// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The page of the desk has this script inline: it chooses the language, and loads the script of the desk in it. The
// editor's own choice comes first, then the browser's languages, then that of the site, which the page is in.
import { deskLanguage } from "./language.js";
import { DeskSettings } from "./settings.js";
import { storageOf } from "./storage.js";

const root = document.documentElement;
/** @type {Record<string, string>} */
const scripts = JSON.parse(root.dataset.scripts ?? "{}");
const chosen = new DeskSettings(storageOf(() => localStorage)).get("language");
const desk = document.createElement("script");
desk.src = scripts[deskLanguage([chosen, ...navigator.languages, root.lang], Object.keys(scripts))];
document.head.append(desk);
