import { assertEquals } from "@std/assert";
import { createConnections, LINGER_MS } from "../../../../lib/http/listen/connections.ts";

/** A book with a clock that is moved by hand, and the names of what it closed. */
function book(maxConnections = 100) {
  const closed: string[] = [];
  let time = 0;
  const limits = { headTimeoutMs: 10, idleTimeoutMs: 100, maxConnections };
  const connections = createConnections(limits, () => time);
  return {
    closed,
    connections,
    add: (name: string) => connections.add(() => closed.push(name)),
    sweepAt(now: number) {
      time = now;
      connections.sweep();
    },
  };
}

Deno.test("createConnections() closes who takes too long for the first head", () => {
  const { closed, add, sweepAt } = book();
  add("a");
  sweepAt(9);
  add("b");
  sweepAt(10);
  assertEquals(closed, ["a"]);
  sweepAt(19);
  assertEquals(closed, ["a", "b"]);
});

Deno.test("createConnections() waits for an answer, however long it takes", () => {
  const { closed, add, sweepAt } = book();
  const connection = add("a");
  connection?.begin();
  sweepAt(1000);
  connection?.end(false);
  sweepAt(1099);
  assertEquals(closed, []);
  sweepAt(1100);
  assertEquals(closed, ["a"]);
});

Deno.test("createConnections() closes who was told to and does not", () => {
  const { closed, add, sweepAt } = book();
  const connection = add("a");
  connection?.begin();
  connection?.end(true);
  sweepAt(10);
  assertEquals(closed, ["a"]);
});

Deno.test("createConnections() counts the requests of a connection that are answered at once", () => {
  const { closed, add, sweepAt } = book();
  const connection = add("a");
  connection?.begin();
  connection?.begin();
  connection?.end(false);
  sweepAt(1000);
  assertEquals(closed, []);
});

Deno.test("createConnections() gives who only has to read a short time, whatever follows", () => {
  const { closed, add, sweepAt } = book();
  const connection = add("a");
  connection?.begin();
  connection?.linger();
  connection?.end(false);
  sweepAt(LINGER_MS - 1);
  assertEquals(closed, []);
  sweepAt(LINGER_MS);
  assertEquals(closed, ["a"]);
});

Deno.test("createConnections() makes room by closing who has waited longest", () => {
  const { closed, add, sweepAt, connections } = book(3);
  const first = add("a");
  first?.begin();
  sweepAt(1);
  add("b");
  sweepAt(2);
  add("c");
  add("d");
  assertEquals(closed, ["b"]);
  assertEquals(connections.count(), 3);
});

Deno.test("createConnections() takes nobody in when all are being answered", () => {
  const { closed, add } = book(2);
  add("a")?.begin();
  const second = add("b");
  second?.begin();
  assertEquals(add("c"), undefined);
  second?.forget();
  assertEquals(add("d") === undefined, false);
  assertEquals(closed, []);
});

Deno.test("createConnections() closes nobody twice, nor whom it forgot", () => {
  const { closed, add, connections } = book();
  add("a");
  add("b")?.forget();
  connections.closeAll();
  connections.closeAll();
  assertEquals(closed, ["a"]);
  assertEquals(connections.count(), 0);
});

Deno.test("createConnections() makes room by closing one of the address that has most", () => {
  const { closed, connections } = book(4);
  connections.add(() => closed.push("alone"), "192.0.2.1");
  for (const name of ["a", "b"]) connections.add(() => closed.push(name), "192.0.2.2");
  connections.add(() => closed.push("proxy"));
  connections.add(() => closed.push("new"), "192.0.2.3");
  assertEquals(closed, ["a"]);
});

Deno.test("createConnections() counts a proxy's connection for whom it carries", () => {
  const { closed, connections } = book(3);
  const proxied = ["a", "b"].map((name) => {
    const connection = connections.add(() => closed.push(name));
    connection?.begin();
    connection?.receive({ address: "192.0.2.2", lagMs: () => name === "a" ? 1 : 2 });
    return connection;
  });
  connections.add(() => closed.push("alone"), "192.0.2.1");
  connections.add(() => closed.push("new"), "192.0.2.3");
  assertEquals([closed, proxied.length], [["b"], 2]);
});

Deno.test("createConnections() lets the slowest body give way, and nobody whose body is there", () => {
  const { closed, connections } = book(3);
  const received = ["a", "b", "c"].map((name, lag) => {
    const connection = connections.add(() => closed.push(name), "192.0.2.1");
    connection?.begin();
    return connection?.receive({ address: "192.0.2.1", lagMs: () => lag });
  });
  received[2]?.();
  connections.add(() => closed.push("d"), "192.0.2.2")?.begin();
  assertEquals(closed, ["b"]);
  received[0]?.();
  assertEquals(connections.add(() => closed.push("e"), "192.0.2.2"), undefined);
});

Deno.test("createConnections() closes who has been idle for so long, and no other", () => {
  const { closed, add, sweepAt, connections } = book();
  add("old");
  add("busy")?.begin();
  sweepAt(5);
  add("young");
  connections.closeIdle(5);
  assertEquals(closed, ["old"]);
  assertEquals(connections.count(), 2);
});
