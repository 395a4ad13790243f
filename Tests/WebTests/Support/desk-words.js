// SPDX-License-Identifier: Apache-2.0
// English words for the modules of the desk, as the server puts them into its script. To be imported before them.
import { CATALOGUE } from "../../../Sources/Web/Files/shared/catalogue.js";
import { deskMessagesOf, messagesOf } from "./words.js";

Object.assign(CATALOGUE, { language: "en", messages: { ...messagesOf("en"), ...deskMessagesOf("en") } });
