/** Accounts of Windows: their identifiers, their rights on folders, and the right to be a service. */
import { lastError, openWindows, succeed, WindowsError } from "./libraries.ts";
import { createOutPointer, createStructure, wide } from "./memory.ts";

/** The identifier of an account, as Windows holds it. */
export type AccountId = Uint8Array<ArrayBuffer>;

/**
 * Writes an identifier as bytes.
 *
 * @param authority The number after `S-1-`, which is below 2 to the 32.
 * @param parts The numbers after it.
 * @returns The identifier.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { accountIdOf } from "./account_rights.ts";
 *
 * assertEquals([...accountIdOf(5, [18])], [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]);
 * ```
 */
export function accountIdOf(authority: number, parts: readonly number[]): AccountId {
  const bytes = new Uint8Array(8 + 4 * parts.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint8(1, parts.length);
  view.setUint32(4, authority);
  parts.forEach((part, index) => view.setUint32(8 + 4 * index, part, true));
  return bytes;
}

const NT_AUTHORITY = 5;
const SYSTEM = accountIdOf(NT_AUTHORITY, [18]);
const ADMINISTRATORS = accountIdOf(NT_AUTHORITY, [32, 544]);
const SERVICES = 80;

/** Accounts whose names differ by the language of Windows, and what a service may call them. */
const WELL_KNOWN: Readonly<Record<string, AccountId>> = {
  "localsystem": SYSTEM,
  "nt authority\\localservice": accountIdOf(NT_AUTHORITY, [19]),
  "nt authority\\networkservice": accountIdOf(NT_AUTHORITY, [20]),
};

/**
 * Computes the identifier of a service's own account, `NT SERVICE\NAME`: Windows makes it of the name.
 * See {@link https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers}.
 *
 * @param service The name of the service.
 * @returns The identifier.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { accountIdOf, serviceAccountId } from "./account_rights.ts";
 *
 * const parts = [80, 956008885, 3418522649, 1831038044, 1853292631, 2271478464];
 * assertEquals(await serviceAccountId("TrustedInstaller"), accountIdOf(5, parts));
 * ```
 */
export async function serviceAccountId(service: string): Promise<AccountId> {
  const name = new Uint8Array(wide(service.toUpperCase()).buffer).subarray(0, -2);
  const digest = new DataView(await crypto.subtle.digest("SHA-1", name));
  const parts = [0, 4, 8, 12, 16].map((offset) => digest.getUint32(offset, true));
  return accountIdOf(NT_AUTHORITY, [SERVICES, ...parts]);
}

const LARGEST_ID = 68;
const LARGEST_DOMAIN = 256;

/**
 * Finds the identifier of an account.
 *
 * @param account Its name, as the service control manager has it.
 * @returns The identifier.
 * @throws {WindowsError} When there is no account of that name.
 */
export async function findAccountId(account: string): Promise<AccountId> {
  const name = account.toLowerCase();
  const known = WELL_KNOWN[name];
  if (known !== undefined) return known;
  const [, service] = /^nt service\\(.+)$/i.exec(account) ?? [];
  if (service !== undefined) return await serviceAccountId(service);
  const id = new Uint8Array(LARGEST_ID);
  const isFound = openWindows().LookupAccountNameW(
    null,
    // "." is this machine to the service control manager alone.
    wide(account.replace(/^\.\\/, "")),
    id,
    createStructure(4).u32(0, id.length).bytes,
    new Uint16Array(LARGEST_DOMAIN),
    createStructure(4).u32(0, LARGEST_DOMAIN).bytes,
    new Uint8Array(4),
  );
  if (isFound === 0) throw lastError("LookupAccountNameW");
  return id.slice(0, 8 + 4 * (id[1] ?? 0));
}

/** What an account may do in a folder and all below it. */
export const FOLDER_RIGHTS = { read: 0x12_00a9, change: 0x13_01bf, all: 0x1f_01ff } as const;

/** Gives an account a right. */
interface Grant {
  readonly account: AccountId;
  readonly right: keyof typeof FOLDER_RIGHTS;
}

const GRANT = 1;
const INHERITED_BY_ALL = 3;
const FILE_OBJECT = 1;
const ACCESS_LIST = 4;
const NOT_INHERITED = 0x8000_0000;

/**
 * Gives an account a right on a folder and what is in it, beside those that others have.
 *
 * @param folder The folder.
 * @param grant The account and the right.
 * @throws {WindowsError} When its rights cannot be read or changed.
 */
export function grantFolder(folder: string, grant: Grant): void {
  const windows = openWindows();
  const list = createOutPointer();
  const descriptor = createOutPointer();
  succeed(
    "GetNamedSecurityInfoW",
    windows.GetNamedSecurityInfoW(
      wide(folder),
      FILE_OBJECT,
      ACCESS_LIST,
      null,
      null,
      list.bytes,
      null,
      descriptor.bytes,
    ),
  );
  try {
    setRights(folder, [grant], { before: list.value(), kinds: ACCESS_LIST });
  } finally {
    windows.LocalFree(descriptor.value());
  }
}

/**
 * Closes a folder and what is in it to everybody but the system, administrators and an account.
 *
 * @param folder The folder.
 * @param grant The account and its right.
 * @throws {WindowsError} When its rights cannot be changed.
 */
export function closeFolder(folder: string, grant: Grant): void {
  const grants: readonly Grant[] = [
    { account: SYSTEM, right: "all" },
    { account: ADMINISTRATORS, right: "all" },
    grant,
  ];
  setRights(folder, grants, { before: 0n, kinds: ACCESS_LIST + NOT_INHERITED });
}

const GRANT_SIZE = 48;

function setRights(
  folder: string,
  grants: readonly Grant[],
  { before, kinds }: { readonly before: bigint; readonly kinds: number },
): void {
  const windows = openWindows();
  const entries = createStructure(GRANT_SIZE * grants.length);
  grants.forEach(({ account, right }, index) => {
    const offset = GRANT_SIZE * index;
    entries
      .u32(offset, FOLDER_RIGHTS[right])
      .u32(offset + 4, GRANT)
      .u32(offset + 8, INHERITED_BY_ALL)
      // The account is named by its identifier, which is what zeros before it say.
      .pointer(offset + 40, account);
  });
  const list = createOutPointer();
  succeed(
    "SetEntriesInAclW",
    windows.SetEntriesInAclW(grants.length, entries.bytes, before, list.bytes),
  );
  try {
    succeed(
      "SetNamedSecurityInfoW",
      windows.SetNamedSecurityInfoW(
        wide(folder),
        FILE_OBJECT,
        kinds,
        null,
        null,
        list.value(),
        null,
      ),
    );
  } finally {
    windows.LocalFree(list.value());
  }
}

const MAY_CHANGE_ACCOUNTS = 0x810;
const LOG_ON_AS_SERVICE = "SeServiceLogonRight";

/**
 * Lets an account of a person or a domain be the account of a service, as the list of services does
 * when one is entered there.
 *
 * @param account The account.
 * @throws {WindowsError} When that cannot be allowed.
 */
export function allowServiceLogon(account: AccountId): void {
  const windows = openWindows();
  const policy = createOutPointer();
  const judge = (call: string, status: number) => {
    if (status !== 0) throw new WindowsError(call, windows.LsaNtStatusToWinError(status));
  };
  judge(
    "LsaOpenPolicy",
    windows.LsaOpenPolicy(null, createStructure(48).bytes, MAY_CHANGE_ACCOUNTS, policy.bytes),
  );
  try {
    const length = 2 * LOG_ON_AS_SERVICE.length;
    const right = createStructure(16)
      .u16(0, length).u16(2, length + 2).pointer(8, wide(LOG_ON_AS_SERVICE));
    judge(
      "LsaAddAccountRights",
      windows.LsaAddAccountRights(policy.value(), account, right.bytes, 1),
    );
  } finally {
    windows.LsaClose(policy.value());
  }
}
