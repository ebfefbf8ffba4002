import { assertEquals, assertMatch, assertNotMatch, assertRejects } from "@std/assert";
import {
  accountIdOf,
  closeFolder,
  findAccountId,
  grantFolder,
  serviceAccountId,
} from "../../lib/windows/account_rights.ts";
import { WindowsError } from "../../lib/windows/libraries.ts";
import { createOutPointer, wide } from "../../lib/windows/memory.ts";
import { temporaryFolder } from "../e2e/program.ts";
import { accountRights, isWindows, isWine } from "./windows.ts";

const ignore = !isWindows;
const EVERYBODY = accountIdOf(1, [0]);
const FILE_OBJECT = 1;
const ACCESS_LIST = 4;

/** The rights on a folder as Windows writes them: `(A;OICI;FA;;;WD)` lets everybody do everything. */
function rightsOn(folder: string): string {
  const advapi = Deno.dlopen("advapi32.dll", {
    GetNamedSecurityInfoW: {
      parameters: ["buffer", "u32", "u32", "buffer", "buffer", "buffer", "buffer", "buffer"],
      result: "u32",
    },
    ConvertSecurityDescriptorToStringSecurityDescriptorW: {
      parameters: ["usize", "u32", "u32", "buffer", "buffer"],
      result: "i32",
    },
  });
  const { GetNamedSecurityInfoW, ConvertSecurityDescriptorToStringSecurityDescriptorW } =
    advapi.symbols;
  const [descriptor, text, length] = [createOutPointer(), createOutPointer(), new Uint32Array(1)];
  const list = [wide(folder), FILE_OBJECT, ACCESS_LIST, null, null, null, null] as const;
  assertEquals(GetNamedSecurityInfoW(...list, descriptor.bytes), 0);
  ConvertSecurityDescriptorToStringSecurityDescriptorW(
    descriptor.value(),
    1,
    ACCESS_LIST,
    text.bytes,
    length,
  );
  advapi.close();
  const pointer = Deno.UnsafePointer.create(text.value());
  if (pointer === null) throw new Error("Cannot read the rights");
  const units = new Deno.UnsafePointerView(pointer).getArrayBuffer(2 * (length[0] ?? 0));
  return new TextDecoder("utf-16le").decode(units).replace(/\0.*$/, "");
}

Deno.test("grantFolder() adds a right, and closeFolder() leaves nobody else one", {
  ignore,
}, async () => {
  await using folder = await temporaryFolder();
  grantFolder(folder.path, { account: EVERYBODY, right: "all" });
  // Wine keeps of a right what its own file system has.
  const all = isWine ? /\(A;OICI;0x1301ff;;;WD\)/ : /\(A;OICI;FA;;;WD\)/;
  assertMatch(rightsOn(folder.path), all);
  closeFolder(folder.path, { account: EVERYBODY, right: "read" });
  const closed = rightsOn(folder.path);
  assertMatch(closed, /\(A;OICI;0x1200a9;;;WD\)/);
  assertNotMatch(closed, all);
  assertMatch(closed, /\(A;OICI;FA;;;SY\)/);
});

Deno.test({
  name: accountRights.named("the account of a service gets its right, beside those of before"),
  ignore: ignore || accountRights.ignore,
  async fn() {
    await using folder = await temporaryFolder();
    const before = rightsOn(folder.path).match(/\([^)]*\)/g) ?? [];
    const account = await serviceAccountId("Storehook");
    grantFolder(folder.path, { account, right: "change" });
    const after: readonly string[] = rightsOn(folder.path).match(/\([^)]*\)/g) ?? [];
    assertEquals(before.filter((right) => !after.includes(right)), []);
    assertEquals(after.filter((right) => /^\(A;OICI;0x1301bf;;;S-1-5-80-/.test(right)).length, 1);
    closeFolder(folder.path, { account, right: "read" });
    assertMatch(
      rightsOn(folder.path),
      /^D:PAI?\((?=.*FA;;;SY\))(?=.*FA;;;BA\))(?=.*0x1200a9;;;S-1-5-80-)(?:[^)]*\)){3}$/,
    );
  },
});

Deno.test("findAccountId() knows accounts by names and says which it does not", {
  ignore,
}, async () => {
  assertEquals(await findAccountId("LocalSystem"), accountIdOf(5, [18]));
  assertEquals(await findAccountId("NT AUTHORITY\\NetworkService"), accountIdOf(5, [20]));
  assertEquals(await findAccountId("NT SERVICE\\A"), await serviceAccountId("a"));
  assertEquals((await findAccountId(`.\\${Deno.env.get("USERNAME")}`))[0], 1);
  await assertRejects(() => findAccountId("nobody-of-that-name"), WindowsError, "(error 1332)");
});
