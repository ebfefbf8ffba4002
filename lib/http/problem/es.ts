import type { Messages } from "./problem.ts";

/** The Spanish texts. */
export const es: Messages = {
  problems: {
    not_found: "No hay nada en esta dirección. Compruebe la URL.",
    method_not_allowed:
      "No se puede acceder a esta dirección de este modo. Compruebe el método de la solicitud.",
    body_timeout: "La solicitud no ha llegado completa a tiempo. Inténtelo de nuevo, por favor.",
    body_too_large: "La solicitud es demasiado grande. Se aceptan como máximo {limit} bytes.",
    too_many_events: "La entrega contiene demasiados eventos. Se aceptan como máximo {limit}.",
    unsupported_media_type:
      "La solicitud debe contener JSON en UTF-8 sin comprimir, pero se ha enviado como «{found}».",
    malformed_host: "La solicitud no indica de forma legible a qué host va dirigida.",
    host_not_allowed:
      "Este servidor no se conoce como «{host}». Para permitir este nombre, añádalo a {setting} en la configuración.",
    not_utf8: "No se puede leer la solicitud porque su texto no está codificado en UTF-8.",
    not_json: "No se puede leer la solicitud porque no es JSON válido.",
    too_deep:
      "No se puede procesar la solicitud porque sus datos tienen demasiados niveles anidados.",
    signature_mismatch: "La firma de la solicitud falta o es incorrecta.",
    wrong_shape:
      "La tienda ha enviado datos que no se pueden procesar. Valor esperado en {path}: {wanted}; valor encontrado: {found}.",
    refused: "No se puede aceptar este pedido. Póngase en contacto con la tienda, por favor.",
    undecided:
      "Ninguna regla indica cómo tratar este pedido. Póngase en contacto con la tienda, por favor.",
    unassigned_items:
      "No se ha podido asignar ningún fabricante a estos artículos del pedido: {items}. Póngase en contacto con la tienda, por favor.",
    conflicting_items:
      "El pedido contiene varias líneas con el identificador {item} que no se pueden tratar de la misma manera. Póngase en contacto con la tienda, por favor.",
    unreadable_custom_configuration:
      "No se puede leer la configuración personalizada del pedido: «{value}». Debería ser como «{example}». Póngase en contacto con la tienda, por favor.",
    list_has_errors: "Corrija estos artículos antes de exportar la lista, por favor: {items}.",
    no_tax_rate:
      "No se conoce ningún tipo impositivo para estos artículos del pedido: {items}. Póngase en contacto con la tienda, por favor.",
    too_many_requests:
      "Se ha llamado a esta dirección demasiadas veces en poco tiempo. Inténtelo de nuevo en unos instantes, por favor.",
    overloaded:
      "El servidor está atendiendo demasiadas solicitudes en este momento. Inténtelo de nuevo en unos instantes, por favor.",
    internal_error:
      "Se ha producido un error inesperado. Inténtelo de nuevo, por favor. Si vuelve a ocurrir, póngase en contacto con la tienda.",
    unavailable:
      "El servicio no está disponible en este momento. Inténtelo de nuevo en unos instantes, por favor.",
    service_failed:
      "En este momento no se puede comprobar este pedido. Inténtelo de nuevo dentro de unos minutos, por favor.",
  },
  wanted: {
    number: "un número",
    text: "un texto",
    object: "un elemento con campos propios",
    list: "una lista",
    items: "artículos o una lista vacía",
    id: "un identificador",
    present: "un valor",
  },
  nothing: "ninguno",
};
