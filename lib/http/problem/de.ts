import type { Messages } from "./problem.ts";

/** The German texts. */
export const de: Messages = {
  problems: {
    not_found: "Unter dieser Adresse gibt es nichts. Bitte prüfen Sie die URL.",
    method_not_allowed:
      "Diese Adresse kann so nicht aufgerufen werden. Bitte prüfen Sie die Anfragemethode.",
    body_timeout:
      "Die Anfrage ist nicht rechtzeitig vollständig eingetroffen. Bitte versuchen Sie es erneut.",
    body_too_large: "Die Anfrage ist zu groß. Erlaubt sind höchstens {limit} Bytes.",
    too_many_events: "Die Zustellung enthält zu viele Ereignisse. Erlaubt sind höchstens {limit}.",
    unsupported_media_type:
      "Die Anfrage muss unkomprimiertes JSON in UTF-8 enthalten, wurde aber als „{found}“ gesendet.",
    malformed_host: "Die Anfrage sagt nicht lesbar, an welchen Host sie gerichtet ist.",
    host_not_allowed:
      "Dieser Server ist nicht als „{host}“ bekannt. Um den Namen zuzulassen, fügen Sie ihn in der Konfiguration zu {setting} hinzu.",
    not_utf8: "Die Anfrage kann nicht gelesen werden, weil ihr Text nicht in UTF-8 kodiert ist.",
    not_json: "Die Anfrage kann nicht gelesen werden, weil sie kein gültiges JSON ist.",
    too_deep:
      "Die Anfrage kann nicht verarbeitet werden, weil ihre Daten zu tief verschachtelt sind.",
    signature_mismatch: "Die Signatur der Anfrage fehlt oder ist falsch.",
    wrong_shape:
      "Der Shop hat Daten gesendet, die nicht verarbeitet werden können. Erwartet bei {path}: {wanted}; gefunden: {found}.",
    refused: "Diese Bestellung kann nicht angenommen werden. Bitte wenden Sie sich an den Shop.",
    undecided:
      "Keine Regel legt fest, wie mit dieser Bestellung zu verfahren ist. Bitte wenden Sie sich an den Shop.",
    unassigned_items:
      "Diesen Positionen der Bestellung konnte kein Hersteller zugeordnet werden: {items}. Bitte wenden Sie sich an den Shop.",
    conflicting_items:
      "Die Bestellung enthält mehrere Positionen mit der ID {item}, die nicht auf dieselbe Weise behandelt werden können. Bitte wenden Sie sich an den Shop.",
    unreadable_custom_configuration:
      "Die benutzerdefinierte Konfiguration der Bestellung kann nicht gelesen werden: „{value}“. Sie sollte aussehen wie „{example}“. Bitte wenden Sie sich an den Shop.",
    list_has_errors:
      "Bitte korrigieren Sie diese Artikel, bevor Sie die Liste exportieren: {items}.",
    no_tax_rate:
      "Für diese Positionen der Bestellung ist kein Steuersatz bekannt: {items}. Bitte wenden Sie sich an den Shop.",
    too_many_requests:
      "Diese Adresse wurde in kurzer Zeit zu oft aufgerufen. Bitte versuchen Sie es in Kürze noch einmal.",
    overloaded:
      "Der Server bearbeitet gerade zu viele Anfragen. Bitte versuchen Sie es in Kürze noch einmal.",
    internal_error:
      "Es ist ein unerwarteter Fehler aufgetreten. Bitte versuchen Sie es erneut. Tritt der Fehler wieder auf, wenden Sie sich bitte an den Shop.",
    unavailable:
      "Der Dienst ist zurzeit nicht verfügbar. Bitte versuchen Sie es in Kürze noch einmal.",
    service_failed:
      "Diese Bestellung kann zurzeit nicht geprüft werden. Bitte versuchen Sie es in einigen Minuten noch einmal.",
  },
  wanted: {
    number: "eine Zahl",
    text: "ein Text",
    object: "ein Element mit eigenen Feldern",
    list: "eine Liste",
    items: "Positionen oder eine leere Liste",
    id: "eine ID",
    present: "ein Wert",
  },
  nothing: "nichts",
};
