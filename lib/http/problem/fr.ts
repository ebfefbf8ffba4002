import type { Messages } from "./problem.ts";

/** The French texts. Spaces before `:`, `;` and inside `«»` do not break, as French wants them. */
export const fr: Messages = {
  problems: {
    not_found: "Il n’y a rien à cette adresse. Veuillez vérifier l’URL.",
    method_not_allowed:
      "Cette adresse ne peut pas être appelée de cette manière. Veuillez vérifier la méthode de la requête.",
    body_timeout: "La requête n’est pas arrivée en entier à temps. Veuillez réessayer.",
    body_too_large:
      "La requête est trop volumineuse. La taille maximale acceptée est de {limit} octets.",
    too_many_events: "La livraison contient trop d’événements. Au plus {limit} sont acceptés.",
    unsupported_media_type:
      "La requête doit contenir du JSON en UTF-8 non compressé, mais elle a été envoyée en tant que «\u00a0{found}\u00a0».",
    malformed_host: "La requête n’indique pas de façon lisible à quel hôte elle est adressée.",
    host_not_allowed:
      "Ce serveur n’est pas connu sous le nom «\u00a0{host}\u00a0». Pour autoriser ce nom, ajoutez-le à {setting} dans la configuration.",
    not_utf8: "La requête ne peut pas être lue, car son texte n’est pas encodé en UTF-8.",
    not_json: "La requête ne peut pas être lue, car ce n’est pas du JSON valide.",
    too_deep:
      "La requête ne peut pas être traitée, car ses données comportent trop de niveaux imbriqués.",
    signature_mismatch: "La signature de la requête est absente ou incorrecte.",
    wrong_shape:
      "La boutique a envoyé des données qui ne peuvent pas être traitées. Valeur attendue pour {path}\u00a0: {wanted}\u00a0; valeur trouvée\u00a0: {found}.",
    refused: "Cette commande ne peut pas être acceptée. Veuillez contacter la boutique.",
    undecided:
      "Aucune règle n’indique comment traiter cette commande. Veuillez contacter la boutique.",
    unassigned_items:
      "Aucun fabricant n’a pu être attribué à ces articles de la commande\u00a0: {items}. Veuillez contacter la boutique.",
    conflicting_items:
      "La commande contient plusieurs lignes portant l’identifiant {item}, qui ne peuvent pas être traitées de la même manière. Veuillez contacter la boutique.",
    unreadable_custom_configuration:
      "La configuration personnalisée de la commande ne peut pas être lue\u00a0: «\u00a0{value}\u00a0». Elle devrait ressembler à «\u00a0{example}\u00a0». Veuillez contacter la boutique.",
    list_has_errors: "Veuillez corriger ces articles avant d’exporter la liste\u00a0: {items}.",
    no_tax_rate:
      "Aucun taux de taxe n’est connu pour ces articles de la commande\u00a0: {items}. Veuillez contacter la boutique.",
    too_many_requests:
      "Cette adresse a été appelée trop souvent en peu de temps. Veuillez réessayer dans quelques instants.",
    overloaded:
      "Le serveur traite trop de requêtes en ce moment. Veuillez réessayer dans quelques instants.",
    internal_error:
      "Une erreur inattendue s’est produite. Veuillez réessayer. Si elle se reproduit, veuillez contacter la boutique.",
    unavailable:
      "Le service est momentanément indisponible. Veuillez réessayer dans quelques instants.",
    service_failed:
      "Cette commande ne peut pas être vérifiée pour le moment. Veuillez réessayer dans quelques minutes.",
  },
  wanted: {
    number: "un nombre",
    text: "un texte",
    object: "un élément avec ses propres champs",
    list: "une liste",
    items: "des articles ou une liste vide",
    id: "un identifiant",
    present: "une valeur",
  },
  nothing: "aucune",
};
