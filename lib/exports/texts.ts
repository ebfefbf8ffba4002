import type { Language } from "../http/problem/problem.ts";
import type { ExportedList } from "./exported_list.ts";

/** How much a note of the store weighs. */
export type NoteLevel = ExportedList["items"][number]["notes"][number]["level"];

/** The texts of the page in one language. Placeholders are written `{name}`. */
export interface PageTexts {
  readonly direction: "ltr" | "rtl";
  readonly title: string;
  readonly store: string;
  readonly list: string;
  readonly externalId: string;
  readonly saved: string;
  readonly modified: string;
  readonly version: string;
  /** Says which of how many: `{version}`, `{newest}`. */
  readonly newest: string;
  readonly earlier: string;
  readonly showNewest: string;
  readonly items: string;
  readonly noItems: string;
  readonly product: string;
  readonly catalogNumber: string;
  readonly nickname: string;
  readonly quantity: string;
  readonly notes: string;
  readonly levels: Readonly<Record<NoteLevel, string>>;
  readonly download: string;
  readonly csv: string;
  readonly json: string;
  readonly versions: string;
  /** Marks the version that is on the screen. */
  readonly shown: string;
}

/** The texts of every language. */
export const PAGE_TEXTS: Readonly<Record<Language, PageTexts>> = {
  en: {
    direction: "ltr",
    title: "Exported list",
    store: "Store",
    list: "List",
    externalId: "External ID",
    saved: "Saved",
    modified: "Last changed in the store",
    version: "Version {version}",
    newest: "Version {version}, the newest one",
    earlier: "Version {version}, an earlier one. The newest is version {newest}.",
    showNewest: "Show the newest version",
    items: "Items",
    noItems: "This list has no items.",
    product: "Product",
    catalogNumber: "Catalog number",
    nickname: "Nickname",
    quantity: "Quantity",
    notes: "Notes",
    levels: { error: "Error", warning: "Warning", note: "Note" },
    download: "Download",
    csv: "CSV, for spreadsheets",
    json: "JSON, for programs",
    versions: "All versions",
    shown: "shown here",
  },
  de: {
    direction: "ltr",
    title: "Exportierte Liste",
    store: "Shop",
    list: "Liste",
    externalId: "Externe ID",
    saved: "Gespeichert",
    modified: "Zuletzt im Shop geändert",
    version: "Version {version}",
    newest: "Version {version}, die neueste",
    earlier: "Version {version}, eine frühere. Die neueste ist Version {newest}.",
    showNewest: "Neueste Version anzeigen",
    items: "Artikel",
    noItems: "Diese Liste enthält keine Artikel.",
    product: "Produkt",
    catalogNumber: "Katalognummer",
    nickname: "Eigener Name",
    quantity: "Menge",
    notes: "Hinweise",
    levels: { error: "Fehler", warning: "Warnung", note: "Hinweis" },
    download: "Herunterladen",
    csv: "CSV, für Tabellenprogramme",
    json: "JSON, für Programme",
    versions: "Alle Versionen",
    shown: "hier angezeigt",
  },
  fr: {
    direction: "ltr",
    title: "Liste exportée",
    store: "Boutique",
    list: "Liste",
    externalId: "Identifiant externe",
    saved: "Enregistrée",
    modified: "Dernière modification dans la boutique",
    version: "Version {version}",
    newest: "Version {version}, la plus récente",
    earlier: "Version {version}, antérieure. La plus récente est la version {newest}.",
    showNewest: "Afficher la version la plus récente",
    items: "Articles",
    noItems: "Cette liste ne contient aucun article.",
    product: "Produit",
    catalogNumber: "Référence catalogue",
    nickname: "Nom personnel",
    quantity: "Quantité",
    notes: "Remarques",
    levels: { error: "Erreur", warning: "Avertissement", note: "Remarque" },
    download: "Télécharger",
    csv: "CSV, pour tableurs",
    json: "JSON, pour programmes",
    versions: "Toutes les versions",
    shown: "affichée ici",
  },
  es: {
    direction: "ltr",
    title: "Lista exportada",
    store: "Tienda",
    list: "Lista",
    externalId: "ID externo",
    saved: "Guardada",
    modified: "Última modificación en la tienda",
    version: "Versión {version}",
    newest: "Versión {version}, la más reciente",
    earlier: "Versión {version}, anterior. La más reciente es la versión {newest}.",
    showNewest: "Mostrar la versión más reciente",
    items: "Artículos",
    noItems: "Esta lista no contiene artículos.",
    product: "Producto",
    catalogNumber: "Número de catálogo",
    nickname: "Nombre propio",
    quantity: "Cantidad",
    notes: "Notas",
    levels: { error: "Error", warning: "Advertencia", note: "Nota" },
    download: "Descargar",
    csv: "CSV, para hojas de cálculo",
    json: "JSON, para programas",
    versions: "Todas las versiones",
    shown: "se muestra aquí",
  },
  he: {
    direction: "rtl",
    title: "רשימה מיוצאת",
    store: "חנות",
    list: "רשימה",
    externalId: "מזהה חיצוני",
    saved: "נשמרה",
    modified: "שונתה לאחרונה בחנות",
    version: "גרסה {version}",
    newest: "גרסה {version}, החדשה ביותר",
    earlier: "גרסה {version}, מוקדמת יותר. החדשה ביותר היא גרסה {newest}.",
    showNewest: "הצגת הגרסה החדשה ביותר",
    items: "פריטים",
    noItems: "אין פריטים ברשימה זו.",
    product: "מוצר",
    catalogNumber: "מספר קטלוגי",
    nickname: "כינוי",
    quantity: "כמות",
    notes: "הערות",
    levels: { error: "שגיאה", warning: "אזהרה", note: "הערה" },
    download: "הורדה",
    csv: "CSV, לגיליונות אלקטרוניים",
    json: "JSON, לתוכנות",
    versions: "כל הגרסאות",
    shown: "מוצגת כאן",
  },
};

const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/;

/**
 * Writes when something was saved, for people: in the zone of the store, which is named, for the
 * server can't know the reader's.
 *
 * @param savedAt In milliseconds since the epoch.
 * @param language A language code.
 * @param timeZone The IANA name of the zone.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatSaved(0, "de", "UTC"), "1. Januar 1970 um 00:00 UTC");
 * assertEquals(formatSaved(0, "de", "Europe/Berlin"), "1. Januar 1970 um 01:00 MEZ");
 * ```
 */
export function formatSaved(savedAt: number, language: string, timeZone: string): string {
  return format(savedAt, language, { timeZone, timeZoneName: "short" });
}

/**
 * Writes a time without a zone for people.
 *
 * @param time The time as a store sends it, e.g. `2023-12-03T10:15:30.123`.
 * @param language A language code.
 * @returns The time in words, or what was given where it is anything else.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatLocalTime("2023-12-03T10:15:30.123", "de"), "3. Dezember 2023 um 10:15");
 * assertEquals(formatLocalTime("yesterday", "de"), "yesterday");
 * ```
 */
export function formatLocalTime(time: string, language: string): string {
  const timestamp = LOCAL_TIME.test(time) ? Date.parse(`${time}Z`) : NaN;
  return Number.isNaN(timestamp) ? time : format(timestamp, language, { timeZone: "UTC" });
}

function format(
  timestamp: number,
  language: string,
  zone: Pick<Intl.DateTimeFormatOptions, "timeZone" | "timeZoneName">,
): string {
  return new Intl.DateTimeFormat(language, {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    ...zone,
  }).format(timestamp);
}
