import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { regionOf } from "../../../handlers/ustore/address.ts";
import { countryCode } from "../../../handlers/ustore/countries.ts";

/** Every state and province with the code of USPS Publication 28 or Canada Post. */
const STATES: Readonly<Record<string, readonly string[]>> = {
  US: [
    ..."AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT".split(" "),
    ..."NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC".split(" "),
    ..."AS GU MP PR VI AA AE AP".split(" "),
  ],
  CA: "AB BC MB NB NL NS NT NU ON PE QC SK YT".split(" "),
};

function cases(country: string, texts: Readonly<Record<string, readonly string[]>>) {
  for (const [code, words] of Object.entries(texts)) {
    for (const word of words) assertEquals(regionOf(word, country).code, code, word);
  }
}

Deno.test("regionOf() knows every state and province by code and by name, in any case", () => {
  for (const [country, codes] of Object.entries(STATES)) {
    for (const code of codes) {
      const region = regionOf(code, country);
      assertEquals(region.code, code);
      assertEquals(region.name.length > 3, true, code);
      const words = [region.name, region.name.toUpperCase(), ` ${region.name.toLowerCase()} `];
      for (const word of [...words, code.toLowerCase(), ` ${code} `]) {
        assertEquals(regionOf(word, country), region);
        assertEquals(regionOf(word, ""), region);
      }
    }
  }
});

Deno.test("regionOf() knows names as people write them", () => {
  cases("US", {
    DC: ["D.C.", "d.c.", "Washington, D.C.", "WASHINGTON DC", "District  of Columbia"],
    PA: ["PENNSYLVANIA", "pennsylvania.", "Pa.", "pA"],
    NY: ["New-York", "new york", "N.Y.", "NewYork"],
    NC: ["N. C.", "north carolina"],
    VI: ["Virgin Islands", "US Virgin Islands", "U.S. Virgin Islands"],
  });
  cases("CA", {
    QC: ["Québec", "QUEBEC", "Que\u0301bec", "québec", "PQ"],
    NL: ["Newfoundland", "Newfoundland & Labrador", "Terre-Neuve-et-Labrador", "NF"],
    PE: ["P.E.I.", "Île-du-Prince-Édouard", "ile du prince edouard"],
    BC: ["B.C.", "Colombie-Britannique", "British  Columbia"],
    YT: ["Yukon Territory", "yukon"],
    NT: ["NWT", "Northwest Territories"],
  });
});

Deno.test("regionOf() looks in the address's country alone", () => {
  assertEquals(regionOf("Ontario", "US"), { code: "", name: "Ontario" });
  assertEquals(regionOf("PA", "CA"), { code: "PA", name: "" });
  assertEquals(regionOf("WA", "AU"), { code: "WA", name: "" });
  assertEquals(regionOf("Bayern", "DE"), { code: "", name: "Bayern" });
  assertEquals(regionOf("NSW", "AU"), { code: "NSW", name: "" });
  assertEquals(regionOf("13", "FR"), { code: "13", name: "" });
  assertEquals(regionOf("Puerto Rico", "PR").code, "PR");
  assertEquals(regionOf("PR", "US").code, "PR");
  assertEquals(regionOf("  ", "US"), { code: "", name: "" });
});

Deno.test("regionOf() takes a state's name where it does not know the country", () => {
  const quebec = { code: "QC", name: "Quebec" };
  for (const country of ["Kanada", "Atlantis", "XX"]) {
    assertEquals(regionOf("Québec", country), quebec);
  }
  assertEquals(regionOf("Texas", "Estados Unidos").code, "TX");
  assertEquals(regionOf("Québec", countryCode("Kanada")), quebec);
  assertEquals(regionOf("QC", countryCode("Kanada")), quebec);
  for (const code of ["QC", "qc", "Q.C.", "PQ", "PEI"]) {
    assertEquals(
      regionOf(code, "Kanada").name === "" || regionOf(code, "Kanada").code === "",
      true,
    );
  }
  assertEquals(regionOf("Georgia", "GE"), { code: "", name: "Georgia" });
  assertEquals(regionOf("Quebec", countryCode("CAN")), quebec);
});

Deno.test("countryCode() knows the three letters and the three digits of ISO 3166-1", () => {
  const words = {
    US: ["USA", "usa", "840"],
    CA: ["CAN", "can", "124"],
    GB: ["GBR", "826"],
    DE: ["DEU", "276"],
    AU: ["AUS", "036"],
    CH: ["CHE", "756"],
    XK: ["XKX"],
  };
  for (const [code, texts] of Object.entries(words)) {
    for (const text of texts) assertEquals(countryCode(text), code, text);
  }
  for (const text of ["001", "999", "000", "QQQ"]) assertEquals(countryCode(text), text);
});

Deno.test("countryCode() knows three letters for every country of two", () => {
  const codes = new Set<string>();
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  for (const a of letters) {
    for (const b of letters) {
      for (const c of letters) {
        const code = countryCode(a + b + c);
        if (code.length === 2) codes.add(code);
      }
    }
  }
  // The 249 of ISO 3166-1, and Kosovo.
  assertEquals(codes.size, 250);
  for (const code of codes) assertEquals(countryCode(code), code);
});

Deno.test("countryCode() knows countries by code and by name", () => {
  const words = {
    US: ["US", "us", "USA", "U.S.A.", "United States", "UNITED STATES", "United States of America"],
    CA: ["CA", "Canada", " canada "],
    GB: ["GB", "UK", "United Kingdom", "Great Britain", "England"],
    DE: ["DE", "Germany"],
    NL: ["Netherlands", "The Netherlands", "Holland"],
    CI: ["Côte d’Ivoire", "Cote d'Ivoire", "Ivory Coast"],
    TR: ["Turkey", "Türkiye", "Turkiye"],
    IL: ["Israel"],
    PR: ["PR", "Puerto Rico"],
  };
  for (const [code, texts] of Object.entries(words)) {
    for (const text of texts) assertEquals(countryCode(text), code, text);
  }
});

Deno.test("countryCode() knows countries by their names in other languages", () => {
  const words = {
    US: [
      "Vereinigte Staaten",
      "États-Unis",
      "Estados Unidos",
      "Stati Uniti",
      "ארצות הברית",
      "美国",
    ],
    DE: [
      "Deutschland",
      "ALLEMAGNE",
      "alemania",
      "Germania",
      "Tyskland",
      "גרמניה",
      "Германия",
      "ドイツ",
    ],
    AT: ["Österreich", "Oesterreich", "Autriche", "Rakousko"],
    CH: ["Schweiz", "Suisse", "Svizzera", "スイス"],
    GB: ["Vereinigtes Königreich", "Großbritannien", "Royaume-Uni", "Reino Unido", "英国"],
    IL: ["ישראל", "Israël", "إسرائيل", "Израиль"],
    TD: ["Tschad", "Tchad", "Чад"],
    CA: ["Kanada", "Canadá", "カナダ"],
    CZ: ["Tschechien", "Česko", "Tchéquie", "Tschechische Republik"],
    GR: ["Ελλάδα", "Griechenland", "Grèce"],
    EG: ["مصر", "Ägypten", "Aegypten"],
  };
  for (const [code, texts] of Object.entries(words)) {
    for (const text of texts) assertEquals(countryCode(text), code, text);
  }
  // English comes first, and what could be two countries is none.
  assertEquals(["Georgia", "Niger"].map(countryCode), ["GE", "NE"]);
  for (const text of ["Čad", "Tai", "Kongo"]) assertEquals(countryCode(text), text);
});

Deno.test("countryCode() gives back what is no country", () => {
  for (const text of ["", "Atlantis", "EU", "XX", "ZZ", "42", "__proto__", "constructor"]) {
    assertEquals(countryCode(text), text);
  }
  assertEquals(countryCode(" Atlantis "), "Atlantis");
});

Deno.test("countryCode() and regionOf() take any text, and theirs again", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const country = countryCode(text);
    assertEquals(countryCode(country), country);
    const { code, name } = regionOf(text, country);
    assertEquals(regionOf(code || name, country), { code, name });
  }));
});
