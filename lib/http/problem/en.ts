import type { Messages } from "./problem.ts";

/** The English texts. */
export const en: Messages = {
  problems: {
    not_found: "There is nothing at this address. Please check the URL.",
    method_not_allowed: "This address cannot be called this way. Please check the request method.",
    body_timeout: "The request did not arrive completely in time. Please try again.",
    body_too_large: "The request is too large. At most {limit} bytes are accepted.",
    too_many_events: "The delivery holds too many events. At most {limit} are accepted.",
    unsupported_media_type:
      "The request must contain uncompressed JSON in UTF-8, but it was sent as “{found}”.",
    malformed_host: "The request does not say in a readable way to which host it was sent.",
    host_not_allowed:
      "This server is not known as “{host}”. To allow this name, add it to {setting} in the config.",
    not_utf8: "The request cannot be read because its text is not encoded in UTF-8.",
    not_json: "The request cannot be read because it is not valid JSON.",
    too_deep: "The request cannot be processed because its data is nested too deeply.",
    signature_mismatch: "The signature of the request is missing or incorrect.",
    wrong_shape:
      "The store sent data that cannot be processed. Expected at {path}: {wanted}; found: {found}.",
    refused: "This order cannot be accepted. Please contact the store.",
    undecided: "No rule says how to handle this order. Please contact the store.",
    unassigned_items:
      "No manufacturer could be assigned to these items of the order: {items}. Please contact the store.",
    conflicting_items:
      "The order contains several lines with the id {item}, and they cannot be handled in the same way. Please contact the store.",
    unreadable_custom_configuration:
      "The custom configuration of the order cannot be read: “{value}”. It should be like “{example}”. Please contact the store.",
    list_has_errors: "Please correct these items before you export the list: {items}.",
    no_tax_rate:
      "No tax rate is known for these items of the order: {items}. Please contact the store.",
    too_many_requests:
      "This address was called too often in a short time. Please try again in a moment.",
    overloaded: "The server is handling too many requests at the moment. Please try again shortly.",
    internal_error:
      "An unexpected error occurred. Please try again. If it happens again, please contact the store.",
    unavailable: "The service is currently unavailable. Please try again in a moment.",
    service_failed:
      "This order cannot be checked at the moment. Please try again in a few minutes.",
  },
  wanted: {
    number: "a number",
    text: "a text",
    object: "an element with fields of its own",
    list: "a list",
    items: "items, or an empty list",
    id: "an id",
    present: "a value",
  },
  nothing: "nothing",
};
