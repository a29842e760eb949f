/**
 * Opens a library of the system, to call its functions.
 * @returns undefined where there is none of that name
 */
export async function openLibrary(name: string) {
  const { default: koffi } = await import('koffi');
  try {
    return { koffi, library: koffi.load(name) };
  } catch {
    return undefined;
  }
}
