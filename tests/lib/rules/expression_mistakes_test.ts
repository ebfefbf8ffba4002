import { assertEquals } from "@std/assert";
import { mistakeIn } from "./shop.ts";

type Row = readonly [source: string, place: string, message: string, hint?: string];

const FIELDS = "id, total, shipping, note, created, rush, user, items";

const MISTAKES: readonly Row[] = [
  // Names.
  ["order.totl > 5", "1:7", 'Unknown field "totl" of Order', "Did you mean 'total'?"],
  ["order['totl'] > 5", "1:1", 'Unknown field "totl" of Order', "Did you mean 'total'?"],
  ["order.colour == 'x'", "1:7", 'Unknown field "colour" of Order', `Order has ${FIELDS}`],
  [
    "order.constructor == 'x'",
    "1:7",
    'Unknown field "constructor" of Order',
    `Order has ${FIELDS}`,
  ],
  [
    "true &&\n  order.items.all(i, i.quantty > 1)",
    "2:24",
    'Unknown field "quantty" of Item',
    "Did you mean 'quantity'?",
  ],
  [
    "has(item.shipTo.statecode)",
    "1:17",
    'Unknown field "statecode" of Address',
    "Did you mean 'stateCode'?",
  ],
  ["has(order.constructor)", "1:11", 'Unknown field "constructor" of Order', `Order has ${FIELDS}`],
  ["ordr.total > 5", "1:1", 'Unknown name "ordr"', "Did you mean 'order'?"],
  ["total > 5", "1:1", 'Unknown name "total"', "Did you mean 'order.total'?"],
  ["order.rush == True", "1:15", 'Unknown name "True"', "Did you mean 'true'?"],
  [
    "order.note == urgent",
    "1:15",
    'Unknown name "urgent"',
    "A rule sees order, item; text stands in single quotes: 'urgent'",
  ],
  [
    "order.items.exists(i.total > 5)",
    "1:20",
    'Unknown name "i"',
    "Name the element first, e.g. exists(i, …)",
  ],
  ["order.note.contain('x')", "1:12", 'Unknown function "contain"', "Did you mean 'contains()'?"],
  [
    "order.note.toLowerCase() == ''",
    "1:12",
    'Unknown function "toLowerCase"',
    "Did you mean 'lower()'?",
  ],
  [
    "order.total() > 5",
    "1:7",
    'Unknown function "total"',
    "Write the field without parentheses: total",
  ],
  ...[
    ["optional.of(order.note).value() == ''", "1:1", "There are no optional values here"],
    ["item.properties.?Paper == ''", "1:17", 'Expected a name, found "?"'],
    ["item.properties[?'Paper'] == ''", "1:17", 'Unexpected "?"'],
  ].map(([source = "", place = "", message = ""]): Row => [
    source,
    place,
    message,
    "Ask first: 'Paper' in item.properties ? item.properties['Paper'] : ''",
  ]),
  ...["timestamp('24.12.2026') > timestamp(order.created)", "'24.12.2026'.date() == order.created"]
    .map((source): Row => [
      source,
      `1:${source.indexOf("'") + 1}`,
      'Cannot read "24.12.2026" as a time',
      "Write it as '2026-12-24', or with a time as '2026-12-24T08:00'",
    ]),
  [
    "daysBetween(order.created, '2026-02-30') > 1",
    "1:28",
    'Cannot read "2026-02-30" as a time',
    "Write it as '2026-12-24', or with a time as '2026-12-24T08:00'",
  ],
  [
    "timestamp(order.created) - timestamp('2026-01-01') > duration('10d')",
    "1:63",
    'Cannot read "10d" as a duration',
    "Write days in hours: '240h'",
  ],
  [
    "duration('two hours') > duration('1h')",
    "1:10",
    'Cannot read "two hours" as a duration',
    "Write hours, minutes and seconds, as in '36h', '1h30m' and '45s'",
  ],
  ["decimal_add(1.0, 2.0) > 1", "1:1", 'Unknown function "decimal_add"'],
  // Types.
  [
    "order.total > order.note",
    "1:1",
    "Cannot compare number > text",
    "Write number(order.note) to read the number from it",
  ],
  [
    "order.total > '500'",
    "1:1",
    "Cannot compare number > text",
    "Write the number without quotes: 500",
  ],
  [
    "order.note == 5",
    "1:1",
    "Cannot compare text == whole number",
    "Write the text in quotes: '5'",
  ],
  [
    "order.note == null",
    "1:1",
    "Cannot compare text == null",
    "Nothing is null here: compare text with '', numbers with 0",
  ],
  [
    "order.items > 3",
    "1:1",
    "Cannot compare list of Item > whole number",
    "Count a list with size(), or ask its elements with exists(i, …)",
  ],
  [
    "order.user == 'x'",
    "1:1",
    "Cannot compare User == text",
    "Did you mean order.user.email or order.user.department?",
  ],
  [
    "5 < order.items[0]",
    "1:1",
    "Cannot compare whole number < Item",
    "Did you mean order.items[0].quantity or order.items[0].total?",
  ],
  ["order.user == true", "1:1", "Cannot compare User == true/false", "Compare their fields"],
  [
    "order.user.department.size > 3",
    "1:23",
    'Cannot read "size" of text',
    "Did you mean 'size()'?",
  ],
  ["order.note.lower == 'x'", "1:12", 'Cannot read "lower" of text', "Did you mean 'lower()'?"],
  ["order.items.size > 3", "1:13", 'Cannot read "size" of list of Item', "Did you mean 'size()'?"],
  [
    "order.total > 500.0 ? true : 'x'",
    "1:1",
    "Both results of ? : must be of one type, found true/false and text",
  ],
  [
    "order.note in ['a', 1]",
    "1:21",
    "All elements must be of one type, found whole number after text",
  ],
  ["order.user == order.user", "1:1", "Cannot compare User == User", "Compare their fields"],
  [
    "order.note + 1 == ''",
    "1:1",
    "Cannot compute text + whole number",
    "Write the text in quotes: '1'",
  ],
  [
    "'a' in order.note",
    "1:1",
    "Cannot look for text in text",
    "Write text.contains('part'), or a list in brackets: in ['x', 'y']",
  ],
  ["-order.note == ''", "1:1", "Cannot use - before text"],
  [
    "!order.total == 1",
    "1:1",
    "Cannot use ! before number",
    "Put what shall be false in parentheses: !(a == b)",
  ],
  [
    "order.rush && order.total",
    "1:21",
    "Both sides of && and || must be true/false, found number",
    "Compare it, e.g. with == or >",
  ],
  [
    "order.items.exists(i, i.total)",
    "1:25",
    "The condition must be true/false, found number",
    "Compare it, e.g. with == or >",
  ],
  [
    "item.quantity in [1, 2.5]",
    "1:22",
    "All elements must be of one type, found number after whole number",
    "Write all numbers with a decimal point, e.g. 1.0",
  ],
  [
    "item.quantity in []",
    "1:1",
    "Cannot look for a number in an empty list",
    "Nothing is in it: name what is meant, or write false",
  ],
  [
    "(order.rush ? 1 : 2.5) > 1",
    "1:2",
    "Both results of ? : must be of one type, found whole number and number",
    "Write all numbers with a decimal point, e.g. 1.0",
  ],
  [
    "order.items.total > 3",
    "1:13",
    'Cannot read "total" of list of Item',
    "Ask its elements, e.g. exists(i, i.total …) or map(i, i.total).sum()",
  ],
  [
    "order.items.length > 3",
    "1:13",
    'Cannot read "length" of list of Item',
    "Did you mean 'size()'?",
  ],
  ["order.items[order.total].id == ''", "1:1", "Cannot read element number of list of Item"],
  [
    "order.note.contains(5)",
    "1:12",
    "Cannot call contains(whole number) on text",
    "Write text.contains(text)",
  ],
  ["order.total.exists(i, true)", "1:7", "exists, all, filter and map need a list, found number"],
  ["has(order)", "1:5", "has() needs a field, e.g. has(item.properties.Paper)"],
  [
    "order.total",
    "1:1",
    "A condition must be true or false, this is number",
    "Compare it, e.g. with == or >",
  ],
  [
    "dyn(order.total) / 0 > 5",
    "1:1",
    "The type of this part is not known before the rule runs",
    "Name the field itself, without dyn() and without a computed name",
  ],
  [
    "order['to' + 'tal'] > 5",
    "1:1",
    "The type of this part is not known before the rule runs",
    "Name the field itself, without dyn() and without a computed name",
  ],
  [
    "order.note.matches('(')",
    "1:20",
    'Cannot read the pattern "(": missing closing ): "("',
    "Put a backslash before a sign that stands for itself, in raw text: r'\\\\('",
  ],
  // Syntax.
  ["", "1:1", "The expression is empty", "Write true to match always"],
  [" \n", "1:1", "The expression is empty", "Write true to match always"],
  ["order.total >", "1:14", "The expression ends too early"],
  ["(order.total > 5", "1:17", 'Expected ")", found the end'],
  ["order.total > 5)", "1:16", 'Unexpected ")"'],
  ["order.note == 'x", "1:15", "The text has no closing quote"],
  ["order.total = 5", "1:13", 'Unexpected "="', "Write == to compare"],
  ["order.total > 1,000", "1:16", 'Unexpected ","', "Write 1000"],
  ["order.total > 1,250,000.5 && true", "1:16", 'Unexpected ","', "Write 1250000.5"],
  ["order.total > 1,00", "1:16", 'Unexpected ","', "Write 1.00"],
  ["order.total === 5", "1:15", 'Unexpected "="', "Write == to compare"],
  ["order.total <> 5", "1:14", 'Unexpected ">"', "Write != for not equal"],
  ["order.rush and true", "1:12", 'Unexpected "and"', "Write && for and"],
  ["order.rush OR true", "1:12", 'Unexpected "OR"', "Write || for or"],
  ["order.rush & true", "1:12", 'Unexpected "&"', "Write && for and"],
  [
    "not order.rush",
    "1:5",
    'Unexpected "order"',
    "Write ! before what shall not be, e.g. !(a in b)",
  ],
  [
    "order.note LIKE 'a%'",
    "1:12",
    'Unexpected "LIKE"',
    "Write text.contains('part'), startsWith or endsWith",
  ],
  [
    "order.note in ('a', 'b')",
    "1:19",
    'Expected ")", found ","',
    "Write in with small letters and a list in brackets: a in ['x', 'y']",
  ],
  ["order.note == “x”", "1:15", 'Unexpected "“"', "Write straight single quotes: '"],
  [
    "order.note > 5",
    "1:1",
    "Cannot compare text > whole number",
    "Write number(order.note) to read the number from it",
  ],
  [
    "type == 'x'",
    "1:1",
    "Cannot compare type == text",
    "A rule sees order, item; text stands in single quotes: 'type'",
  ],
  ["order.total > 1.000,50", "1:20", 'Unexpected ","', "Write 1000.50"],
  ["order.total > 500€", "1:18", 'Unexpected "€"', "Write the number alone"],
  ["order.total – 5 > 0", "1:13", 'Unexpected "–"', "Write - for minus"],
  ["order.total gt 5", "1:13", 'Unexpected "gt"', "Write >"],
  ["order.note == `x`", "1:15", 'Unexpected "`"', "Write straight single quotes: '"],
  ["not (order.total > 5)", "1:1", 'Unknown function "not"', "Did you mean '!(…)'?"],
  [
    "order.note == 'O'Neil'",
    "1:18",
    'Unexpected "Neil"',
    "Text ends at the next quote: write \\\\' for one within it",
  ],
  ["order.note == ''x''", "1:17", 'Unexpected "x"', "Write one quote on each side: 'text'"],
  [
    "order.note.matches('^\\d+$')",
    "1:22",
    "Invalid escape sequence: \\d",
    "Write raw text: r'^\\\\d+$'",
  ],
  ["if order.rush then true", "1:1", '"if" is a reserved word', "Write condition ? yes : no"],
  ["order.total > 1e400", "1:15", "The number is out of range"],
  ["(".repeat(100), "1:51", "The expression is too long or nests too deeply"],
];

for (const [source, place, message, hint] of MISTAKES) {
  Deno.test(`compileExpression() explains: ${source}`, () => {
    const mistake = mistakeIn(source);
    assertEquals(`${mistake.line}:${mistake.column}`, place);
    assertEquals(mistake.message, message);
    assertEquals(mistake.hint, hint);
  });
}

Deno.test("compileExpression() hints in a form that stands inside a JSON string", () => {
  for (const [source] of MISTAKES) {
    const { hint = "" } = mistakeIn(source) ?? {};
    assertEquals(typeof JSON.parse(`"${hint}"`), "string", `${source}: ${hint}`);
    assertEquals(hint.includes('"'), false, `${source}: ${hint}`);
  }
});
