import type * as z from "zod";

/** What goes over the wire at the endpoints of a kind, to be described. Nothing is judged by it. */
export interface Wire {
  /** The body of a request, as far as it is read. */
  readonly request: z.ZodType;
  /** The body of a 200; without it the answer is a 204. */
  readonly answer?: z.ZodType;
  /** Where the paths below the endpoint's own belong to it: what stands there. */
  readonly below?: {
    readonly name: string;
    readonly description: string;
    /** Whether the endpoint's own path alone is refused. */
    readonly needed: boolean;
  };
}
