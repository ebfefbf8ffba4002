/** What Windows wants to know of an executable: its version, and how it takes paths and text. */
import { NtExecutable, NtExecutableResource, Resource } from "resedit";

const NEUTRAL_LANGUAGE = 0;
const ENGLISH = 1033;
const UNICODE = 1200;
const VERSION_TYPE = 16;
const MANIFEST_TYPE = 24;
/** The one by which a program is started, by Microsoft's page on manifests. */
const MANIFEST_ID = 1;

/**
 * Paths of more than 260 characters and, from Windows 10 1903 and Server 2022 on, UTF-8 for what
 * still asks for an old code page; without the rights of an administrator unless it is started with
 * them. See {@link https://learn.microsoft.com/windows/win32/sbscs/application-manifests}.
 */
const MANIFEST = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">
  <assemblyIdentity type="win32" name="Storehook" version="VERSION" processorArchitecture="amd64" />
  <trustInfo xmlns="urn:schemas-microsoft-com:asm.v3">
    <security>
      <requestedPrivileges>
        <requestedExecutionLevel level="asInvoker" uiAccess="false" />
      </requestedPrivileges>
    </security>
  </trustInfo>
  <compatibility xmlns="urn:schemas-microsoft-com:compatibility.v1">
    <application>
      <!-- Windows 10 and 11, Windows Server 2016 and newer -->
      <supportedOS Id="{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}" />
    </application>
  </compatibility>
  <application xmlns="urn:schemas-microsoft-com:asm.v3">
    <windowsSettings>
      <longPathAware xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">true</longPathAware>
      <activeCodePage xmlns="http://schemas.microsoft.com/SMI/2019/WindowsSettings">UTF-8</activeCodePage>
    </windowsSettings>
  </application>
</assembly>
`;

/**
 * Gives an executable of Windows its version information and its manifest. All else in it stays: its
 * icon, and the program that the compiler has put into it. A signature of the runtime, which does not
 * hold for what is compiled into it, goes.
 *
 * @param executable The executable.
 * @param version The version of the program: three numbers.
 * @returns The executable with them; the same bytes each time.
 */
export function withWindowsResources(
  executable: Uint8Array<ArrayBuffer>,
  version: string,
): Uint8Array<ArrayBuffer> {
  const opened = NtExecutable.from(executable, { ignoreCert: true });
  const resources = NtExecutableResource.from(opened);
  const [major = 0, minor = 0, patch = 0] = version.split(".").map((part) => parseInt(part, 10));
  const numbers = [major, minor, patch, 0] as const;
  resources.entries = resources.entries.filter(({ type }) =>
    type !== VERSION_TYPE && type !== MANIFEST_TYPE
  );
  resources.entries.push({
    type: MANIFEST_TYPE,
    id: MANIFEST_ID,
    lang: NEUTRAL_LANGUAGE,
    codepage: UNICODE,
    bin: new TextEncoder().encode(MANIFEST.replace("VERSION", numbers.join("."))).buffer,
  });
  const told = Resource.VersionInfo.createEmpty();
  told.lang = ENGLISH;
  told.setFileVersion(...numbers, ENGLISH);
  told.setProductVersion(...numbers, ENGLISH);
  told.setStringValues({ lang: ENGLISH, codepage: UNICODE }, {
    CompanyName: "The Storehook authors",
    FileDescription: "Storehook: answers the webhooks of uStore",
    FileVersion: numbers.join("."),
    InternalName: "storehook",
    LegalCopyright: "Copyright (c) 2026 the Storehook authors, MIT License",
    OriginalFilename: "storehook.exe",
    ProductName: "Storehook",
    ProductVersion: version,
  });
  told.outputToResourceEntries(resources.entries);
  resources.outputResource(opened);
  return new Uint8Array(opened.generate());
}
