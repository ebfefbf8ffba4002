import type { Translated } from "./texts.ts";

/** The documentation. */
export const DOCS_TEXTS = {
  title: ["Documentation", "Dokumentation", "Documentación", "Documentation", "תיעוד"],
  inEnglish: [
    "",
    "Die Seiten sind auf Englisch.",
    "Las páginas están en inglés.",
    "Les pages sont en anglais.",
    "הדפים כתובים באנגלית.",
  ],
  search: [
    "Search the documentation",
    "Dokumentation durchsuchen",
    "Buscar en la documentación",
    "Chercher dans la documentation",
    "חיפוש בתיעוד",
  ],
  example: [
    "An error, a setting, a word",
    "Ein Fehler, eine Einstellung, ein Wort",
    "Un error, un ajuste, una palabra",
    "Une erreur, un réglage, un mot",
    "שגיאה, הגדרה, מילה",
  ],
  found: [
    "One place|{count} places",
    "Eine Stelle|{count} Stellen",
    "Un lugar|{count} lugares",
    "Un endroit|{count} endroits",
    "מקום אחד|{count} מקומות",
  ],
  notFound: [
    "Nothing on that",
    "Nichts dazu",
    "Nada sobre eso",
    "Rien à ce sujet",
    "אין דבר על כך",
  ],
  allPages: ["All pages", "Alle Seiten", "Todas las páginas", "Toutes les pages", "כל הדפים"],
  onThisPage: ["On this page", "Auf dieser Seite", "En esta página", "Sur cette page", "בדף זה"],
} as const satisfies Readonly<Record<string, Translated>>;
