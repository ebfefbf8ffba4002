/** Links and forms that stay below the console's own path. */
import type { AnchorHTMLAttributes, FormHTMLAttributes, JSX } from "preact";
import { useReader } from "./reader.tsx";

/** A link: to a page of the console, to a place on this page, or elsewhere. */
export function A(
  { href, ...rest }: AnchorHTMLAttributes & { readonly href: string },
): JSX.Element {
  const { base } = useReader();
  return <a {...rest} href={href.startsWith("/") ? `${base}${href}` : href} />;
}

/** A form that is sent to a page of the console. */
export function Form(
  { action, ...rest }: FormHTMLAttributes & { readonly action: string },
): JSX.Element {
  const { base } = useReader();
  return <form {...rest} action={`${base}${action}`} />;
}
