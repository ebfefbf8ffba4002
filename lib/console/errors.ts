/** What the console answers with when it does not do what was asked. */
import type { Language } from "../http/problem/problem.ts";

/** Every error of the console alone, and its HTTP status. */
export const CONSOLE_ERRORS = {
  sign_in_needed: 401,
  wrong_credentials: 401,
  link_used: 401,
  role_too_low: 403,
  foreign_origin: 403,
  wrong_input: 400,
  not_possible: 409,
  too_many_attempts: 429,
} as const;

/** The name of an error of the console, as the answer's `code` gives it. */
export type ConsoleErrorCode = keyof typeof CONSOLE_ERRORS;

/** A request to the console that gets an error for an answer. */
export class ConsoleError extends Error {
  override readonly name = "ConsoleError";

  /**
   * @param code Which error.
   * @param params Values for the placeholders of its message.
   * @param headers Headers of the answer.
   */
  constructor(
    readonly code: ConsoleErrorCode,
    readonly params: Readonly<Record<string, string>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`Cannot answer the request: ${code}`);
  }

  /** The HTTP status of the answer. */
  get status(): number {
    return CONSOLE_ERRORS[this.code];
  }
}

type ConsoleTexts = Readonly<Record<ConsoleErrorCode, string>>;

const TEXTS: Readonly<Record<Language, ConsoleTexts>> = {
  en: {
    sign_in_needed: "Sign in first.",
    wrong_credentials: "The name or the password is wrong.",
    link_used: "This link has been used, or has run out. “storehook console” prints a new one.",
    role_too_low: "This needs the role {role}.",
    foreign_origin: "This was sent by a page of another site, so nothing was done.",
    wrong_input: "Cannot use {path}: {reason}.",
    not_possible: "This is not possible: {reason}.",
    too_many_attempts: "Signing in failed too often. Please try again in {seconds} seconds.",
  },
  de: {
    sign_in_needed: "Bitte melden Sie sich zuerst an.",
    wrong_credentials: "Der Name oder das Passwort ist falsch.",
    link_used: "Dieser Link wurde schon benutzt oder ist abgelaufen. „storehook console“ gibt " +
      "einen neuen aus.",
    role_too_low: "Dafür braucht es die Rolle {role}.",
    foreign_origin:
      "Das wurde von einer Seite einer anderen Website gesendet; nichts ist geschehen.",
    wrong_input: "{path} ist nicht zu gebrauchen: {reason}.",
    not_possible: "Das ist nicht möglich: {reason}.",
    too_many_attempts:
      "Die Anmeldung ist zu oft gescheitert. Bitte versuchen Sie es in {seconds} " +
      "Sekunden noch einmal.",
  },
  es: {
    sign_in_needed: "Inicie sesión primero.",
    wrong_credentials: "El nombre o la contraseña no es correcto.",
    link_used: "Este enlace ya se usó o ha caducado. «storehook console» muestra uno nuevo.",
    role_too_low: "Para esto se necesita el rol {role}.",
    foreign_origin: "Esto lo envió una página de otro sitio, así que no se hizo nada.",
    wrong_input: "No se puede usar {path}: {reason}.",
    not_possible: "Esto no es posible: {reason}.",
    too_many_attempts: "El inicio de sesión falló demasiadas veces. Inténtelo de nuevo en " +
      "{seconds} segundos.",
  },
  fr: {
    sign_in_needed: "Connectez-vous d’abord.",
    wrong_credentials: "Le nom ou le mot de passe est incorrect.",
    link_used: "Ce lien a déjà servi ou a expiré. « storehook console » en affiche un nouveau.",
    role_too_low: "Ceci demande le rôle {role}.",
    foreign_origin: "Ceci a été envoyé par une page d’un autre site ; rien n’a été fait.",
    wrong_input: "Impossible d’utiliser {path} : {reason}.",
    not_possible: "C’est impossible : {reason}.",
    too_many_attempts: "La connexion a échoué trop souvent. Veuillez réessayer dans {seconds} " +
      "secondes.",
  },
  he: {
    sign_in_needed: "יש להתחבר תחילה.",
    wrong_credentials: "השם או הסיסמה שגויים.",
    link_used: "הקישור כבר נוצל או שפג תוקפו. הפקודה storehook console מציגה קישור חדש.",
    role_too_low: "לשם כך נדרש התפקיד {role}.",
    foreign_origin: "הבקשה נשלחה מדף של אתר אחר, ולכן לא נעשה דבר.",
    wrong_input: "לא ניתן להשתמש ב־{path}: {reason}.",
    not_possible: "הדבר אינו אפשרי: {reason}.",
    too_many_attempts: "ההתחברות נכשלה פעמים רבות מדי. נסו שוב בעוד {seconds} שניות.",
  },
};

/** Longest value that a message repeats, in UTF-16 units. */
const LONGEST_VALUE = 200;

/**
 * Writes what an error of the console says to people.
 *
 * @param error The error.
 * @param language In which language.
 * @returns The text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const error = new ConsoleError("role_too_low", { role: "operator" });
 * assertEquals(describeConsoleError(error, "en"), "This needs the role operator.");
 * ```
 */
export function describeConsoleError({ code, params }: ConsoleError, language: Language): string {
  return TEXTS[language][code].replace(
    /\{(\w+)\}/g,
    (_, name: string) => (params[name] ?? "?").slice(0, LONGEST_VALUE).toWellFormed(),
  );
}
