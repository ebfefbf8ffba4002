import type { Translated } from "./texts.ts";

/** Where people come in, and the record of what they did. */
export const ENTRANCE_TEXTS = {
  signIn: ["Sign in", "Anmelden", "Iniciar sesión", "Se connecter", "כניסה"],
  name: ["Name", "Name", "Nombre", "Nom", "שם"],
  password: ["Password", "Passwort", "Contraseña", "Mot de passe", "סיסמה"],
  byLink: [
    "Or run {command} where the server runs: it prints a link that signs you in.",
    "Oder rufen Sie {command} dort auf, wo der Server läuft: es gibt einen Link aus, der Sie anmeldet.",
    "O ejecute {command} donde corre el servidor: muestra un enlace que inicia su sesión.",
    "Ou lancez {command} là où tourne le serveur : il affiche un lien qui vous connecte.",
    "או להריץ {command} במקום שבו השרת פועל: הפקודה מציגה קישור כניסה.",
  ],
  onlyLink: [
    "Nobody has a password yet. Run {command} where the server runs: it prints a link that signs you in, valid one minute.",
    "Noch hat niemand ein Passwort. Rufen Sie {command} dort auf, wo der Server läuft: es gibt einen Link aus, der Sie anmeldet, eine Minute gültig.",
    "Aún nadie tiene contraseña. Ejecute {command} donde corre el servidor: muestra un enlace que inicia su sesión, válido un minuto.",
    "Personne n’a encore de mot de passe. Lancez {command} là où tourne le serveur : il affiche un lien qui vous connecte, valable une minute.",
    "לאיש אין עדיין סיסמה. יש להריץ {command} במקום שבו השרת פועל: הפקודה מציגה קישור כניסה, שתקף דקה אחת.",
  ],
  docs: ["How to get in", "So kommen Sie hinein", "Cómo entrar", "Comment entrer", "איך נכנסים"],
  auditTitle: ["Audit", "Protokoll", "Auditoría", "Audit", "יומן פעולות"],
  auditLead: [
    "Who did what, and who looked at what people sent.",
    "Wer was getan hat, und wer angesehen hat, was Personen gesendet haben.",
    "Quién hizo qué, y quién miró lo que enviaron las personas.",
    "Qui a fait quoi, et qui a regardé ce que des personnes ont envoyé.",
    "מי עשה מה, ומי צפה במה שאנשים שלחו.",
  ],
  who: ["Who", "Wer", "Quién", "Qui", "מי"],
  what: ["What", "Was", "Qué", "Quoi", "מה"],
  target: ["On what", "Woran", "Sobre qué", "Sur quoi", "על מה"],
  outcome: ["Result", "Ergebnis", "Resultado", "Résultat", "תוצאה"],
  nobody: [
    "nobody signed in",
    "niemand angemeldet",
    "nadie conectado",
    "personne connecté",
    "ללא כניסה",
  ],
  noAudit: [
    "Nothing was done yet",
    "Noch wurde nichts getan",
    "Aún no se ha hecho nada",
    "Rien n’a encore été fait",
    "עדיין לא נעשה דבר",
  ],
} as const satisfies Readonly<Record<string, Translated>>;
