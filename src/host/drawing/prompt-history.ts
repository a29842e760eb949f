import type { Memento } from 'vscode';

const KEY = 'easel.prompts';
const MAX_PROMPTS = 30;

/** The prompts drawn last, kept on this machine. */
export class PromptHistory {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly state: Memento) {}

  /** Newest first, without repetitions. */
  recent(): readonly string[] {
    const stored = this.state.get<unknown>(KEY);
    if (!Array.isArray(stored)) return [];
    return stored.filter((prompt): prompt is string => typeof prompt === 'string');
  }

  async add(prompt: string): Promise<void> {
    const others = this.recent().filter((other) => other !== prompt);
    const kept = this.state.update(KEY, [prompt, ...others].slice(0, MAX_PROMPTS));
    for (const listener of this.listeners) listener();
    await kept;
  }

  /** Calls the listener when a prompt was added. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  }
}
