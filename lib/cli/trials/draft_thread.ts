/**
 * The thread in which drafts of the config are judged: with many rules that takes a second, in which
 * a shopper would wait. The first message says which config, and brings a port for the drafts.
 */
import { handlers } from "../../../handlers/mod.ts";
import { errorText } from "../../journal/errors.ts";
import { judgeText } from "../../trials/judged_text.ts";
import {
  type DraftConfig,
  type DraftToJudge,
  receivedDelivery,
  type ToldOfDraft,
} from "./draft_judge.ts";

addEventListener("message", (event) => {
  if (!(event instanceof MessageEvent)) return;
  const config: DraftConfig = event.data;
  const [port] = event.ports;
  if (port !== undefined) serve(config, port);
}, { once: true });

function serve(config: DraftConfig, port: MessagePort): void {
  const env = (name: string) => Deno.env.get(name);
  const load = { ...config, kinds: handlers, env };
  port.onmessage = async ({ data }) => port.postMessage(await judge(data));

  async function judge({ id, text, delivery }: DraftToJudge): Promise<ToldOfDraft> {
    try {
      const taken = delivery === undefined ? undefined : receivedDelivery(delivery);
      const { decided, ...judged } = await judgeText(load, text, taken);
      if (decided === undefined) return { id, judged };
      const { answer, ...rest } = decided;
      // JSON keeps every digit, which a message between threads does not.
      return { id, judged, decided: { json: JSON.stringify(rest), answer } };
    } catch (error) {
      return { id, error: errorText(error) };
    }
  }
}
