/**
 * Finds where things end in a JSON text that is known to be valid. Each function takes the text
 * and an index in it, and returns an index.
 */

const NO_SPACE = /[^ \t\r\n]/g;
const SCALAR_END = /[,\]} \t\r\n]/g;

/** To the next character that is no white space. */
export function skipSpace(json: string, start: number): number {
  return skipTo(NO_SPACE, json, start);
}

/** From the first character of a number, `true`, `false` or `null` to after it. */
export function skipScalar(json: string, start: number): number {
  return skipTo(SCALAR_END, json, start);
}

/** From an opening quote to after the closing one: the first that is not escaped. */
export function skipText(json: string, start: number): number {
  let index = start + 1;
  while (index < json.length) {
    const quote = json.indexOf('"', index);
    if (quote === -1) break;
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
    index = quote + 1;
  }
  return json.length;
}

/**
 * To the next of these characters; to the end when there is none.
 *
 * @param characters A pattern with the flag `g`.
 */
export function skipTo(characters: RegExp, json: string, start: number): number {
  characters.lastIndex = start;
  return characters.exec(json)?.index ?? json.length;
}
