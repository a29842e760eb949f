/** How the prompts of a request are read. */
export interface PromptReading {
  /** Whether brackets and `BREAK` are read (`promptSyntax: weighted`). */
  readonly weighted: boolean;
  /** Whether `{a|b}` is read. */
  readonly wildcards: boolean;
}

interface ForeignSyntax {
  /** Finds an example. Each pattern needs time linear in the prompt: what it repeats is limited. */
  readonly pattern: RegExp;
  /** Goes on after "is read as plain words." */
  readonly advice: string;
  /** Whether Easel reads the syntax with these settings, so that there is nothing to say. */
  readonly isRead?: (reading: PromptReading) => boolean;
}

const WEIGHTED = ({ weighted }: PromptReading) => weighted;

/** Syntaxes of other tools, by what they are for. */
const SYNTAXES: readonly ForeignSyntax[] = [
  {
    // AUTOMATIC1111, Forge, SD.Next, SwarmUI: extra networks.
    pattern:
      /<(?:lora|lyco|lyco_?ris|hypernet|hypernetwork)(?:\[[^[\]<>]{0,80}\])?:[^<>]{1,300}>/iu,
    advice: 'A LoRA is given apart from the prompt, as in --lora FILE:0.8.',
  },
  {
    // ComfyUI, SwarmUI.
    pattern: /(?<![\p{L}\p{N}_])embedding:[\p{L}\p{N}_.-]{1,200}|<embed(?:ding)?:[^<>]{1,200}>/iu,
    advice:
      'A textual inversion is given apart from the prompt, as in --embedding FILE; in the prompt, write its word alone.',
  },
  {
    // SwarmUI: <random:a,b>, <wildcard:x>, <segment:face> and others.
    pattern: /<[a-z]{2,30}(?:\[[^[\]<>]{0,80}\])?:[^<>]{1,300}>/iu,
    advice: 'Easel has no such tags.',
  },
  {
    // Dynamic Prompts: a line of a file.
    pattern: /(?<!_)__[\p{L}\p{N}*][\p{L}\p{N}_*/ -]{0,100}?__(?!_)/u,
    advice: 'Files of wildcards are not read. Write the choices as {a|b|c}, with --wildcards.',
  },
  {
    pattern: /\{[^{}|]{0,300}\|[^{}]{0,300}\}/u,
    advice: 'Choices are read with --wildcards.',
    isRead: ({ wildcards }) => wildcards,
  },
  {
    // AUTOMATIC1111: from one prompt to another after some steps, or one in turn with the other.
    pattern:
      /\[[^[\]|:]{0,300}(?::[^[\]|:]{0,300})?:\s{0,9}(?:\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})\s{0,9}\]/u,
    advice: 'Easel draws all steps with the same prompt.',
  },
  {
    pattern: /\[[^[\]|:]{1,300}\|[^[\]]{1,300}\]/u,
    advice: 'Easel draws all steps with the same prompt.',
  },
  {
    // AUTOMATIC1111: two prompts in one image. Not in texts that are in capitals as a whole.
    pattern: /\p{Ll}[^\p{Lu}]{0,40}(?<![\p{L}\p{N}_])AND(?![\p{L}\p{N}_])\s{1,9}[^\s]/u,
    advice: 'Easel does not combine several prompts in one image.',
  },
  {
    pattern: /\p{Ll}[^\p{Lu}]{0,40}(?<![\p{L}\p{N}_])BREAK(?![\p{L}\p{N}_])/u,
    advice: 'It is read with --prompt-syntax weighted.',
    isRead: WEIGHTED,
  },
  {
    // AUTOMATIC1111 and ComfyUI: (word:1.2), ((word)), [[word]].
    pattern:
      /\([^():]{0,200}\p{L}[^():]{0,200}:\s{0,9}[-+]?(?:\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})\s{0,9}\)/u,
    advice: 'Weights are read with --prompt-syntax weighted.',
    isRead: WEIGHTED,
  },
  {
    pattern: /\(\([^()]{1,300}\)\)|\[\[[^[\]]{1,300}\]\]/u,
    advice: 'Weights are read with --prompt-syntax weighted.',
    isRead: WEIGHTED,
  },
  {
    // InvokeAI (compel): (word)++, (word)1.2, ("a", "b").and().
    pattern: /\)(?:\+{1,9}|-{2,9}|\d\.\d{1,3})(?!\w)|\)\.(?:and|blend|swap)\(/u,
    advice: 'Weights are written as (word:1.2), with --prompt-syntax weighted.',
  },
  {
    // NovelAI: 1.2::word::
    pattern: /(?<![\p{L}\p{N}_{|])-?\d{1,2}(?:\.\d{1,3})?::[^:]{1,300}::/u,
    advice: 'Weights are written as (word:1.2), with --prompt-syntax weighted.',
  },
  {
    // Midjourney.
    pattern:
      /(?<!\S)--(?:ar|aspect|v|version|niji|stylize|s|chaos|c|no|q|quality|seed|style|iw|tile|weird|raw)(?:\s{1,9}[^\s-]\S{0,80}|$)/u,
    advice: 'Sizes and other settings are given as options outside of the prompt, such as --width.',
  },
];

/** One of these is in every example. Compiling the patterns takes as long as a step of a small model. */
const SIGNS = /[<{[():]|__|--|AND|BREAK/iu;

/** Characters of the example that are shown. */
const LONGEST_EXAMPLE = 60;

/**
 * Notes on what a prompt has from the syntaxes of other tools and that is read as plain words, so that the image is
 * not what the text would give there: LoRA tags, prompt editing, weights, wildcards and so on.
 * @param text one prompt, as the model reads it
 * @returns whole sentences for the user; one for each kind, with the first example
 */
export function foreignSyntaxNotes(text: string, reading: PromptReading): string[] {
  if (!SIGNS.test(text)) return [];
  const notes: string[] = [];
  let rest = text;
  for (const { pattern, advice, isRead } of SYNTAXES) {
    if (isRead?.(reading) === true) continue;
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) continue;
    // What one kind has explained is not explained again by a more general one.
    rest = rest.replaceAll(new RegExp(pattern.source, `${pattern.flags}g`), ' ');
    const example = found.length > LONGEST_EXAMPLE ? `${found.slice(0, LONGEST_EXAMPLE)}…` : found;
    const shown = example.replace(/^.*(?=AND|BREAK)/su, '').trim();
    const note = `${JSON.stringify(shown)} in the prompt is read as plain words. ${advice}`;
    if (!notes.some((known) => known.endsWith(advice))) notes.push(note);
  }
  return notes;
}
