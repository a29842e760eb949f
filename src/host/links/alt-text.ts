/** What stands for the prompt in `easel.altText`. */
const PROMPT = '${prompt}';

/** Fills the alternative text's template with a prompt, on one line. */
export function altText(template: string, prompt: string): string {
  return template
    .replaceAll(PROMPT, () => prompt)
    .replace(/\s+/gu, ' ')
    .trim();
}
