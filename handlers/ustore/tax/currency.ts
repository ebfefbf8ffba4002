const USUAL = 2;

/**
 * Tells how many decimal places an amount of a currency has.
 *
 * @param currency Its code after ISO 4217, e.g. `USD`.
 * @returns The places of its smallest unit; 2 for what is no code.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["USD", "JPY", "KWD", "$"].map(decimalsOfCurrency), [2, 0, 3, 2]);
 * ```
 */
export function decimalsOfCurrency(currency: string): number {
  const code = currency.trim();
  if (!/^[A-Za-z]{3}$/.test(code)) return USUAL;
  const { maximumFractionDigits = USUAL } = new Intl.NumberFormat("en", {
    style: "currency",
    currency: code,
  }).resolvedOptions();
  return maximumFractionDigits;
}
