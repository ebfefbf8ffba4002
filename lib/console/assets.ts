import { ASSETS } from "./assets.generated.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
};

const byPath = new Map<string, string>(
  Object.values(ASSETS).map(({ path, text }) => [path, text]),
);

/**
 * Answers with what pages load. Its name holds what is in it, so browsers may keep it for good.
 *
 * @param pathname The path of the request, below the console's own.
 * @returns The answer, or `undefined` when the path is none of theirs.
 */
export function answerAsset(pathname: string): Response | undefined {
  const text = byPath.get(pathname);
  if (text === undefined) return undefined;
  return new Response(text, {
    headers: {
      "Content-Type": TYPES[pathname.split(".").at(-1) ?? ""] ?? "text/plain",
      "Cache-Control": "public, max-age=31536000, immutable",
    },
  });
}
