/** The smallest server: what an executable costs before it does anything. */
Deno.serve(
  {
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => console.log(`http://127.0.0.1:${port}`),
  },
  () => new Response("hello"),
);
