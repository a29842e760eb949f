/** What a model is for, as the catalogue and the list of this machine's models say it. */
interface ModelPurpose {
  readonly edits?: true | undefined;
  readonly upscales?: number | undefined;
}

/** Whether a model edits a given image by words or makes it larger: it draws none without one, and has no strength. */
export function needsImage({ edits, upscales }: ModelPurpose): boolean {
  return edits === true || upscales !== undefined;
}
