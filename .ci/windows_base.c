/* Stands in for the runtime of Windows: it finds the program that was compiled into it. */
#include <stdio.h>
#include <windows.h>

int main(void) {
  HRSRC found = FindResourceA(NULL, "D3N0L4ND", (LPCSTR)RT_RCDATA);
  if (!found) return 1;
  printf("program of %lu bytes, code page %u\n", SizeofResource(NULL, found), GetACP());
  return 0;
}
