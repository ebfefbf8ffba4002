import type { FailureKind } from "./failure.ts";

/** What a service is asked about. */
export interface Subject {
  /** The exact bytes of the delivery. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly requestId: string;
  /** The text of `Accept-Language`, `null` without one. */
  readonly language: string | null;
}

/** What is wanted of a service. */
export interface Question<Said> {
  /**
   * Reads the answer of a 200.
   *
   * @param document Its parsed JSON.
   * @returns What it says.
   * @throws {WrongAnswer} When it is none that can be used.
   */
  read(document: unknown): Said;
  /** About which parts of the delivery it is asked: ids of items. None where it is about all. */
  readonly about?: readonly string[];
}

/** How a service was asked. */
export interface ServiceCall {
  /** Its name. */
  readonly service: string;
  /** How often it was asked; 0 when the breaker kept it from that. */
  readonly attempts: number;
  /** The HTTP status of the answer; `null` where there was none. */
  readonly status: number | null;
  readonly durationMs: number;
}

/** What came of asking. */
export type Reply<Said> =
  & { readonly call: ServiceCall }
  & (
    | { readonly said: Said }
    /** It refuses the order as uStore's webhooks do, with a message to the shopper. */
    | { readonly refusal: string }
    | {
      /** Why there is no answer that can be used. */
      readonly failure: string;
      /** In how many milliseconds it can be asked again; 0 when at once. */
      readonly waitMs: number;
    }
  );

/** What is told of every call, for those who count. */
export interface ServiceCallEvent extends ServiceCall {
  readonly outcome: "answered" | "refused" | FailureKind;
}

/** A third party that can be asked. */
export interface Service {
  readonly name: string;
  /** Asks it. Never throws for what the service does. */
  ask<Said>(subject: Subject, question: Question<Said>): Promise<Reply<Said>>;
}
