import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { he } from "./he.ts";
import type { Language, Messages } from "./messages.ts";

/** The texts of every language. */
export const MESSAGES: Readonly<Record<Language, Messages>> = { en, de, fr, es, he };

/** The languages of {@linkcode MESSAGES}. */
export const LANGUAGES: readonly Language[] = ["en", "de", "fr", "es", "he"];
