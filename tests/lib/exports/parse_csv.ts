/** Reads CSV after RFC 4180, and nothing that is not allowed there. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = text;
  while (rest !== "") {
    const [field, quoted, plain, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ??
      [];
    if (field === undefined) throw new SyntaxError(`Cannot read CSV at ${JSON.stringify(rest)}`);
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    rest = rest.slice(field.length);
    if (end === "\r\n") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
